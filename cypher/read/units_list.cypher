// Co-building units of an area with who answers for them and the committees they have a seat on, one row each.
// title: 共建单位名录
// subject: 共建单位与协议
// param scope: area(District, Street, Community) -- key of the area whose units are read
// param as_of: date = today -- the day that counts
// returns community: Community.name
// returns unit_id: Unit.id
// returns unit: Unit.name
// returns type: Unit.type
// returns seats: strings 兼职席位 -- names of the committees on which it has a seat
// returns liaison: Unit.liaison
// returns liaison_phone: Unit.liaison_phone
// route: GET /api/units
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)<-[:LOCATED_IN]-(u:Unit)
WHERE coalesce(u.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(u.valid_to, '9999-12-31')
OPTIONAL MATCH (u)-[s:SEATED_ON]->(o:PartyOrganization)
WHERE coalesce(s.from, '0000-01-01') <= $as_of AND $as_of < coalesce(s.to, '9999-12-31')
WITH c, u, o ORDER BY o.id
WITH c, u, collect(o.name) AS seats
RETURN c.name AS community, u.id AS unit_id, u.name AS unit, u.type AS type, seats, u.liaison AS liaison, u.liaison_phone AS liaison_phone
ORDER BY community, unit_id
