-- since 18

CREATE SCHEMA both_get_own;
CREATE TABLE both_get_own.p (a integer, b integer CONSTRAINT pnn NOT NULL);
CREATE TABLE both_get_own.h (b integer) INHERITS (both_get_own.p);
CREATE TABLE both_get_own.hh (b integer) INHERITS (both_get_own.h);

CREATE SCHEMA top_gets_one;
CREATE TABLE top_gets_one.p (a integer, b integer NOT NULL);
CREATE TABLE top_gets_one.h () INHERITS (top_gets_one.p);
CREATE TABLE top_gets_one.hh (b integer CONSTRAINT mine NOT NULL) INHERITS (top_gets_one.h);

CREATE SCHEMA inherit_again;
CREATE TABLE inherit_again.p (a integer, b integer CONSTRAINT y NOT NULL);
CREATE TABLE inherit_again.h () INHERITS (inherit_again.p);

CREATE SCHEMA heir_alone;
CREATE TABLE heir_alone.p (a integer, b integer CONSTRAINT pnn NOT NULL);
CREATE TABLE heir_alone.h (b integer CONSTRAINT mine NOT NULL) INHERITS (heir_alone.p);

CREATE SCHEMA partition_alone;
CREATE TABLE partition_alone.p (a integer, b integer) PARTITION BY LIST (a);
CREATE TABLE partition_alone.h PARTITION OF partition_alone.p (b CONSTRAINT mine2 NOT NULL) DEFAULT PARTITION BY LIST (a);
CREATE TABLE partition_alone.hh PARTITION OF partition_alone.h (b CONSTRAINT ours NOT NULL) DEFAULT;

CREATE SCHEMA partitions_get_own;
CREATE TABLE partitions_get_own.p (a integer, b integer) PARTITION BY LIST (a);
CREATE TABLE partitions_get_own.h PARTITION OF partitions_get_own.p (b CONSTRAINT mine NOT NULL) DEFAULT PARTITION BY LIST (a);
CREATE TABLE partitions_get_own.hh PARTITION OF partitions_get_own.h (b CONSTRAINT ours NOT NULL) DEFAULT;

CREATE SCHEMA all_change;
CREATE TABLE all_change.p (a integer, b integer CONSTRAINT pnn2 NOT NULL);
CREATE TABLE all_change.h (b integer CONSTRAINT mine NOT NULL) INHERITS (all_change.p);
CREATE TABLE all_change.hh () INHERITS (all_change.h);
CREATE TABLE all_change.h2 () INHERITS (all_change.p);

CREATE SCHEMA from_other_parent;
CREATE TABLE from_other_parent.p (a integer, b integer CONSTRAINT pnn NOT NULL);
CREATE TABLE from_other_parent.q (c integer, b integer);
CREATE TABLE from_other_parent.h () INHERITS (from_other_parent.p, from_other_parent.q);

CREATE SCHEMA two_parents;
CREATE TABLE two_parents.p (a integer, b integer);
CREATE TABLE two_parents.q (c integer, b integer CONSTRAINT qnn NOT NULL);
CREATE TABLE two_parents.h () INHERITS (two_parents.p, two_parents.q);

CREATE SCHEMA below_key;
CREATE TABLE below_key.p (a integer, b integer);
CREATE TABLE below_key.h (CONSTRAINT hkey PRIMARY KEY (b)) INHERITS (below_key.p);
CREATE TABLE below_key.hh (PRIMARY KEY(b)) INHERITS (below_key.h);

CREATE SCHEMA detached;
CREATE TABLE detached.p (a integer, b integer CONSTRAINT pnn NOT NULL) PARTITION BY LIST (a);
CREATE TABLE detached.h (a integer, b integer CONSTRAINT foo NOT NULL);

CREATE SCHEMA detached_above;
CREATE TABLE detached_above.p (a integer, b integer CONSTRAINT pnn NOT NULL) PARTITION BY LIST (a);
CREATE TABLE detached_above.h (a integer, b integer CONSTRAINT foo NOT NULL) PARTITION BY LIST (a);
CREATE TABLE detached_above.hh PARTITION OF detached_above.h (b CONSTRAINT ours NOT NULL) DEFAULT;

CREATE SCHEMA disinherited;
CREATE TABLE disinherited.p (a integer, b integer CONSTRAINT pnn NOT NULL);
CREATE TABLE disinherited.h (a integer, b integer CONSTRAINT foo NOT NULL);
CREATE TABLE disinherited.hh (b integer CONSTRAINT ours NOT NULL) INHERITS (disinherited.h);

CREATE SCHEMA with_type;
CREATE TABLE with_type.p (a integer, b bigint CONSTRAINT pnn2 NOT NULL);
CREATE TABLE with_type.h (b bigint CONSTRAINT foo2 NOT NULL) INHERITS (with_type.p);
CREATE TABLE with_type.h2 (b bigint CONSTRAINT h2 NOT NULL) INHERITS (with_type.p);

CREATE SCHEMA with_default;
CREATE TABLE with_default.p (a integer, b integer CONSTRAINT pnn2 NOT NULL DEFAULT 5);
CREATE TABLE with_default.h (b integer CONSTRAINT foo2 NOT NULL) INHERITS (with_default.p);
CREATE TABLE with_default.h2 (b integer CONSTRAINT h2 NOT NULL) INHERITS (with_default.p);

CREATE SCHEMA partition_with_default;
CREATE TABLE partition_with_default.p (a integer, b integer CONSTRAINT pnn NOT NULL DEFAULT 5) PARTITION BY LIST (a);
CREATE TABLE partition_with_default.h PARTITION OF partition_with_default.p (b CONSTRAINT mine NOT NULL) DEFAULT;
