CREATE TYPE "Odd type";
CREATE FUNCTION "in of Odd type"(cstring) RETURNS "Odd type" LANGUAGE internal STRICT IMMUTABLE AS 'int4in';
CREATE FUNCTION "out of Odd type"("Odd type") RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'int4out';
CREATE TYPE "Odd type" (INPUT = "in of Odd type", OUTPUT = "out of Odd type", LIKE = int4);
COMMENT ON TYPE "Odd type" IS 'o';
