-- The tables of the example, in an order in which each refers only to tables above it.

create table countries (
  code text primary key,
  name text not null unique
) without rowid;

create table categories (
  id text primary key,
  name text not null,
  description text not null
);

create table places (
  id integer primary key,
  name text not null,
  country_code text not null references countries(code),
  latitude real not null check (latitude between -90 and 90),
  longitude real not null check (longitude between -180 and 180)
);

create table elements (
  number integer primary key check (number > 0),
  symbol text not null unique,
  name text not null unique,
  category_id text not null references categories(id),
  period integer not null check (period between 1 and 7),
  table_group integer check (table_group between 1 and 18),
  block text not null check (block in ('s', 'p', 'd', 'f')),
  phase text check (phase in ('gas', 'liquid', 'solid')),
  atomic_mass real,
  melting_point real,
  boiling_point real,
  oxidation_states text check (oxidation_states is null or json_valid(oxidation_states)),
  uses text not null check (json_valid(uses)),
  found_in integer,
  found_at integer references places(id),
  name_approved text check (name_approved is date(name_approved)),
  named_after text not null,
  summary text not null,
  article text not null
);

create index elements_category on elements(category_id);
create index elements_found_at on elements(found_at);

create table isotopes (
  id text primary key,
  element_number integer not null references elements(number),
  mass_number integer not null,
  neutrons integer not null,
  abundance real check (abundance > 0 and abundance <= 100),
  is_radioactive integer not null check (is_radioactive in (0, 1)),
  half_life_years real check (half_life_years > 0),
  note text
);

create index isotopes_element on isotopes(element_number);

create table people (
  id integer primary key,
  name text not null,
  born text check (born is date(born)),
  died text check (died is date(died)),
  birth_country_code text references countries(code)
);

create table discoveries (
  element_number integer not null references elements(number),
  person_id integer not null references people(id),
  role text not null check (role in ('found', 'isolated', 'named')),
  primary key (element_number, person_id, role)
);

create index discoveries_person on discoveries(person_id);

create table flame_colours (
  element_number integer primary key references elements(number),
  colour text not null,
  hex text not null check (hex glob '#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'),
  swatch blob not null
);
