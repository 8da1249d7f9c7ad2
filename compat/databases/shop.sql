-- A small shop: the kind of database people really publish.
create table categories (id integer primary key, name text not null, parent_id integer references categories(id));
insert into categories values
  (1, 'Tools', null), (2, 'Garden', null), (3, 'Hand tools', 1), (4, 'Power tools', 1), (5, 'Seeds', 2);
create table suppliers (id integer primary key, name text not null unique, website text, country text);
insert into suppliers values
  (1, 'Northern Iron', 'https://northern-iron.example/', 'NO'),
  (2, 'Green & Sons', 'https://green.example/?shop=1&lang=en', 'GB'),
  (3, 'Casa Verde', null, 'ES');
create table products (
  id integer primary key,
  sku text not null unique,
  name text not null,
  category_id integer not null references categories(id),
  supplier_id integer references suppliers(id),
  price numeric(10, 2) not null check (price >= 0),
  in_stock integer not null default 0,
  tags text,
  added date,
  picture blob
);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 60)
insert into products select
  i, printf('SKU-%04d', i * 7),
  case i % 4 when 0 then 'Hammer' when 1 then 'Spade' when 2 then 'Drill' else 'Seed bag' end || ' ' || i,
  case i % 4 when 0 then 3 when 1 then 2 when 2 then 4 else 5 end,
  case when i % 5 = 0 then null else i % 3 + 1 end,
  (i * 37 % 1000) / 4.0, i * 13 % 50,
  case i % 3 when 0 then '["sale", "new"]' when 1 then '["sale"]' else '[]' end,
  date('2022-01-01', '+' || (i * 3) || ' days'),
  case when i % 10 = 0 then x'89504e470d0a1a0a' end
from n;
create table customers (id integer primary key, name text not null, email text unique, joined date);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 25)
insert into customers select i, 'Customer ' || i, 'c' || i || '@shop.example',
  date('2021-06-01', '+' || (i * 11) || ' days') from n;
create table orders (
  id integer primary key,
  customer_id integer not null references customers(id) on delete cascade,
  placed datetime not null,
  status text not null default 'open'
);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 120)
insert into orders select i, i % 25 + 1, datetime('2023-01-01', '+' || (i * 7) || ' hours'),
  case i % 5 when 0 then 'open' when 1 then 'paid' when 2 then 'sent' when 3 then 'sent' else 'returned' end
from n;
create table order_lines (
  order_id integer not null references orders(id),
  product_id integer not null references products(id),
  quantity integer not null default 1,
  primary key (order_id, product_id)
);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 240)
insert or ignore into order_lines select (i + 1) / 2, i * 11 % 60 + 1, i % 4 + 1 from n;
create index orders_by_customer on orders(customer_id);
create index lines_by_product on order_lines(product_id);
create view order_totals as
  select orders.id as order_id, customers.name as customer, sum(quantity * price) as total
  from orders join customers on customers.id = customer_id
  join order_lines on order_lines.order_id = orders.id
  join products on products.id = product_id
  group by orders.id;
create virtual table products_fts using fts5(name, sku, content="products", content_rowid="id");
insert into products_fts(rowid, name, sku) select id, name, sku from products;
create trigger products_after_insert after insert on products begin
  insert into products_fts(rowid, name, sku) values (new.id, new.name, new.sku);
end;
