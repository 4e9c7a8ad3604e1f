CREATE TYPE e AS ENUM ('a','b');
CREATE DOMAIN di AS int CHECK (VALUE > 0);
CREATE TABLE t (a varchar(5)[], b text[], c smallint[], d int[], e timestamptz(0)[], f varchar(2)[], g numeric(5,1)[], h text[], i varchar(5)[], j text[], k di[], l text[], m int[], n text[], o uuid[], p timestamptz[]);
