-- Two views: one joins, one counts.

create view discoveries_in_words as
with credited as (
  select
    discoveries.element_number as number,
    group_concat(people.name, ', ') filter (where discoveries.role = 'found') as found_by,
    group_concat(people.name, ', ') filter (where discoveries.role = 'isolated') as isolated_by
  from discoveries
  join people on people.id = discoveries.person_id
  group by discoveries.element_number
)
select
  elements.number,
  elements.name as element,
  elements.found_in,
  credited.found_by,
  credited.isolated_by,
  places.name as place,
  countries.name as country,
  places.latitude,
  places.longitude
from elements
left join credited on credited.number = elements.number
left join places on places.id = elements.found_at
left join countries on countries.code = places.country_code
where elements.found_in is not null or credited.number is not null
order by elements.number;

create view isotopes_per_element as
select
  elements.number,
  elements.symbol,
  elements.name,
  count(isotopes.abundance) as found_in_nature,
  sum(isotopes.is_radioactive = 0) as not_known_to_decay,
  max(isotopes.abundance) as largest_abundance
from elements
join isotopes on isotopes.element_number = elements.number
group by elements.number;
