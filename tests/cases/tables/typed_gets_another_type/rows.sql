INSERT INTO gets_a_column VALUES (1, 'x');
INSERT INTO gets_settings_of_it VALUES (1, 'x');
