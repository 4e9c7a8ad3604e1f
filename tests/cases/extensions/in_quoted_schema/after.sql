CREATE SCHEMA "Ext e"; CREATE EXTENSION vector SCHEMA "Ext e"; CREATE TABLE t (v "Ext e".vector(3), CHECK (v OPERATOR("Ext e".<>) '[0,0,0]'::"Ext e".vector));
