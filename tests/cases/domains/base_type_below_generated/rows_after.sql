INSERT INTO sizes VALUES (5, '{1,2}');
