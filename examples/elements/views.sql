-- Two views: one joins, one counts.

create view discoveries_in_words as
select
  elements.number,
  elements.name as element,
  discoveries.role,
  people.name as person,
  elements.found_in,
  places.name as place,
  countries.name as country,
  places.latitude,
  places.longitude
from discoveries
join elements on elements.number = discoveries.element_number
join people on people.id = discoveries.person_id
left join places on places.id = elements.found_at
left join countries on countries.code = places.country_code
order by elements.number, discoveries.role, people.name;

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
