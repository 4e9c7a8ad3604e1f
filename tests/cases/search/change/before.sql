CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, stopwords = english, accept = false);
CREATE TEXT SEARCH CONFIGURATION c (COPY = simple);
