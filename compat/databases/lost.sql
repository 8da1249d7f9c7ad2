-- A vocabulary of nothing, which nobody can count or view.
create virtual table lost_words using fts5vocab('no_such_table', 'row');
create table found (id integer primary key, name text);
