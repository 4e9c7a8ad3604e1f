INSERT INTO shifts VALUES ('2024-05-01', 'east'), ('2024-05-02', 'east');
INSERT INTO trips VALUES ('2024-05-01', 'north');
INSERT INTO calls VALUES ('2024-05-01'), ('2024-05-02');
