CREATE TABLE other (k integer);
