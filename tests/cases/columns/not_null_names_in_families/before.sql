-- since 18

CREATE SCHEMA both_get_own;
CREATE TABLE both_get_own.p (a integer, b integer);
CREATE TABLE both_get_own.h (b integer CONSTRAINT mine NOT NULL) INHERITS (both_get_own.p);
CREATE TABLE both_get_own.hh (b integer CONSTRAINT ours NOT NULL) INHERITS (both_get_own.h);

CREATE SCHEMA top_gets_one;
CREATE TABLE top_gets_one.p (a integer, b integer);
CREATE TABLE top_gets_one.h (b integer NOT NULL) INHERITS (top_gets_one.p);
CREATE TABLE top_gets_one.hh () INHERITS (top_gets_one.h);

CREATE SCHEMA inherit_again;
CREATE TABLE inherit_again.p (a integer, b integer CONSTRAINT x NOT NULL NO INHERIT);
CREATE TABLE inherit_again.h (b integer CONSTRAINT mine NOT NULL) INHERITS (inherit_again.p);

CREATE SCHEMA heir_alone;
CREATE TABLE heir_alone.p (a integer, b integer CONSTRAINT pnn NOT NULL);
CREATE TABLE heir_alone.h (b integer) INHERITS (heir_alone.p);

CREATE SCHEMA partition_alone;
CREATE TABLE partition_alone.p (a integer, b integer CONSTRAINT pnn NOT NULL) PARTITION BY LIST (a);
CREATE TABLE partition_alone.h PARTITION OF partition_alone.p (b CONSTRAINT mine NOT NULL) DEFAULT PARTITION BY LIST (a);
CREATE TABLE partition_alone.hh PARTITION OF partition_alone.h DEFAULT;

CREATE SCHEMA partitions_get_own;
CREATE TABLE partitions_get_own.p (a integer, b integer CONSTRAINT pnn NOT NULL) PARTITION BY LIST (a);
CREATE TABLE partitions_get_own.h PARTITION OF partitions_get_own.p DEFAULT PARTITION BY LIST (a);
CREATE TABLE partitions_get_own.hh PARTITION OF partitions_get_own.h DEFAULT;

CREATE SCHEMA all_change;
CREATE TABLE all_change.p (a integer, b integer CONSTRAINT pnn NOT NULL);
CREATE TABLE all_change.h () INHERITS (all_change.p);
CREATE TABLE all_change.hh (b integer CONSTRAINT ours NOT NULL) INHERITS (all_change.h);
CREATE TABLE all_change.h2 (b integer CONSTRAINT h2nn NOT NULL) INHERITS (all_change.p);

CREATE SCHEMA from_other_parent;
CREATE TABLE from_other_parent.p (a integer, b integer);
CREATE TABLE from_other_parent.q (c integer, b integer CONSTRAINT qnn NOT NULL);
CREATE TABLE from_other_parent.h () INHERITS (from_other_parent.p, from_other_parent.q);

CREATE SCHEMA two_parents;
CREATE TABLE two_parents.p (a integer, b integer CONSTRAINT pnn NOT NULL);
CREATE TABLE two_parents.q (c integer, b integer CONSTRAINT qnn NOT NULL);
CREATE TABLE two_parents.h () INHERITS (two_parents.p, two_parents.q);

CREATE SCHEMA below_key;
CREATE TABLE below_key.p (a integer, b integer CONSTRAINT pnn PRIMARY KEY);
CREATE TABLE below_key.h () INHERITS (below_key.p);
CREATE TABLE below_key.hh (b integer CONSTRAINT hh_nn NOT NULL) INHERITS (below_key.h);

CREATE SCHEMA detached;
CREATE TABLE detached.p (a integer, b integer CONSTRAINT pnn NOT NULL) PARTITION BY LIST (a);
CREATE TABLE detached.h PARTITION OF detached.p DEFAULT;

CREATE SCHEMA detached_above;
CREATE TABLE detached_above.p (a integer, b integer CONSTRAINT pnn NOT NULL) PARTITION BY LIST (a);
CREATE TABLE detached_above.h PARTITION OF detached_above.p DEFAULT PARTITION BY LIST (a);
CREATE TABLE detached_above.hh PARTITION OF detached_above.h DEFAULT;

CREATE SCHEMA disinherited;
CREATE TABLE disinherited.p (a integer, b integer CONSTRAINT pnn NOT NULL);
CREATE TABLE disinherited.h () INHERITS (disinherited.p);
CREATE TABLE disinherited.hh () INHERITS (disinherited.h);

CREATE SCHEMA with_type;
CREATE TABLE with_type.p (a integer, b integer CONSTRAINT pnn NOT NULL);
CREATE TABLE with_type.h (b integer CONSTRAINT foo NOT NULL) INHERITS (with_type.p);
CREATE TABLE with_type.h2 () INHERITS (with_type.p);

CREATE SCHEMA with_default;
CREATE TABLE with_default.p (a integer, b integer CONSTRAINT pnn NOT NULL);
CREATE TABLE with_default.h (b integer CONSTRAINT foo NOT NULL) INHERITS (with_default.p);
CREATE TABLE with_default.h2 () INHERITS (with_default.p);

CREATE SCHEMA partition_with_default;
CREATE TABLE partition_with_default.p (a integer, b integer CONSTRAINT pnn NOT NULL) PARTITION BY LIST (a);
CREATE TABLE partition_with_default.h PARTITION OF partition_with_default.p DEFAULT;
