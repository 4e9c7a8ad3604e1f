CREATE TYPE nothing_yet;
