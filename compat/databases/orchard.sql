-- Tables that are open, closed, or follow from others that are: what rules have to get right.

-- Open and closed tables that refer to each other both ways.
create table trees (
  id integer primary key,
  name text,
  contract integer references contracts(id),
  species text references species(code)
);
create table species (code text primary key, name text);
create table contracts (id integer primary key, name text, tree integer references trees(id));
create table visits (id integer primary key, contract integer references contracts(id), tree integer references trees(id));
create table picks (tree integer references trees(id), contract integer references contracts(id), primary key (tree, contract));
insert into species values ('mal', 'Apple'), ('pyr', 'Pear');
insert into trees values (1, 'Old tree', 1, 'mal'), (2, 'Young tree', 2, 'pyr'), (3, 'Stump', null, 'none');
insert into contracts values (1, 'Secret one', 1), (2, 'Secret two', 2);
insert into visits values (1, 1, 1), (2, 2, 1), (3, 2, 2);
insert into picks values (1, 1), (2, 1), (2, 2);

-- One table per form of an allow block; the configuration says which.
create table by_anyone (id integer primary key, name text);
create table by_nobody (id integer primary key, name text);
create table by_empty (id integer primary key, name text);
create table by_null (id integer primary key, name text);
create table by_star (id integer primary key, name text);
create table by_starred_list (id integer primary key, name text);
create table by_anonymous (id integer primary key, name text);
create table by_anonymous_or_ann (id integer primary key, name text);
create table by_role (id integer primary key, name text);
create table by_number (id integer primary key, name text);
create table by_number_text (id integer primary key, name text);
create table by_float (id integer primary key, name text);
create table by_true (id integer primary key, name text);
create table by_one (id integer primary key, name text);
create table by_zero (id integer primary key, name text);
create table by_blank (id integer primary key, name text);
create table by_missing (id integer primary key, name text);
create table by_case (id integer primary key, name text);
create table by_mixed (id integer primary key, name text);
create table by_two_keys (id integer primary key, name text);
create table by_both (id integer primary key, name text);
create table by_permissions (id integer primary key, name text);
create table by_wrong_level (id integer primary key, name text);
create table by_short_name (id integer primary key, name text);
insert into by_anyone values (1, 'open');
insert into by_nobody values (1, 'closed');
insert into by_role values (1, 'staff');

-- Search over an open and over a closed table, with what SQLite keeps for it.
create virtual table trees_fts using fts5(name, content="trees", content_rowid="id");
insert into trees_fts(trees_fts) values ('rebuild');
create virtual table contracts_fts using fts5(name, content="contracts", content_rowid="id");
insert into contracts_fts(contracts_fts) values ('rebuild');
create virtual table essays using fts5(title, body);
insert into essays values ('Pruning', 'cut the branches'), ('Grafting', 'join the branches');
create virtual table letters using fts4(body);
insert into letters values ('dear tree'), ('dear pear');
create virtual table notes_fts using fts4(content="contracts", name);
create virtual table blank_fts using fts5(word, content='');
insert into blank_fts(rowid, word) values (1, 'nothing');
create virtual table essay_words using fts5vocab('essays', 'row');
create virtual table contract_words using fts5vocab('contracts_fts', 'row');
create virtual table letter_words using fts4aux('letters');
create virtual table places using rtree(id, left, right);
insert into places values (1, 0.0, 1.0);
create virtual table whole_places using rtree_i32(id, left, right);

-- Named as if they were kept for search, and nothing of the kind.
create table alone_content (id integer primary key, name text);
create table trees_data (id integer primary key, name text);

create view open_view as select id, name from trees;
create view contract_names as select id, name from contracts;
create view closed_view as select id, name from trees;

create table counted (id integer primary key autoincrement, name text);
insert into counted values (1, 'one');
create index trees_by_species on trees(species);
analyze;
