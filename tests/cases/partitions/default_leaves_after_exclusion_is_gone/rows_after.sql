INSERT INTO gone VALUES (1, 'low'), (30, 'high');
INSERT INTO other VALUES (1, 'low'), (30, 'high');
