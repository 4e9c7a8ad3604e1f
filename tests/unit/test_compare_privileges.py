"""The server's access lists are read for what they say, whoever typed them."""

from __future__ import annotations

from schema_tool.catalog.privileges import (
    OWNER,
    PUBLIC,
    Grant,
    Granted,
    default_privileges,
    parse_privileges,
)


def read(*items: str, owner: str = "alice") -> tuple[Grant, ...]:
    return parse_privileges(items, owner, Granted.TABLE, 16)


def test_no_list_means_the_built_in_privileges() -> None:
    explicit = parse_privileges(("alice=arwdDxt/alice",), "alice", Granted.TABLE, 16)
    assert parse_privileges(None, "alice", Granted.TABLE, 16) == explicit


def test_maintain_is_the_owners_from_17_on() -> None:
    words = {grant.privilege for grant in default_privileges(Granted.TABLE, 17)}
    assert words - {g.privilege for g in default_privileges(Granted.TABLE, 16)} == {"MAINTAIN"}


def test_public_has_no_name_in_the_list() -> None:
    assert read("=r/alice") == (Grant(grantee=PUBLIC, privilege="SELECT"),)


def test_the_owners_privileges_do_not_depend_on_the_owners_name() -> None:
    assert read("bob=r/bob", owner="bob") == read("alice=r/alice")
    assert read("alice=r/alice")[0].grantee == OWNER


def test_grant_options_belong_to_their_letter() -> None:
    assert read("bob=r*w/alice") == (
        Grant(grantee="bob", privilege="SELECT", grantable=True),
        Grant(grantee="bob", privilege="UPDATE"),
    )


def test_role_names_with_quotes_equal_signs_and_blanks_are_read_whole() -> None:
    assert [grant.grantee for grant in read('"od""d = na/me"=r/"o ""x"')] == ['od"d = na/me']


def test_the_same_privilege_from_two_grantors_is_one() -> None:
    assert read("bob=r/alice", "bob=r*/carol") == (
        Grant(grantee="bob", privilege="SELECT", grantable=True),
    )
