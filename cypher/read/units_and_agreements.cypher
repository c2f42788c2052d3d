// Co-building units of each community, those that hold a seat, and the agreements of its party committee: in force, expired, about to expire.
// title: 共建单位与协议
// subject: 共建单位与协议
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// param soon: date = today+30 -- agreements that end before this day are about to expire
// returns street: Street.name
// returns community_id: Community.id
// returns community: Community.name
// returns units: integer 共建单位（家）
// returns seated: integer 兼职席位单位（家） -- units with a seat on a street's or community's committee
// returns agreements: integer 协议（份） -- all in the register
// returns in_force: integer 有效（份）
// returns expiring: integer 即将到期（份）
// returns expired: integer 已到期（份）
// route: GET /api/coverage/units
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)
MATCH (c)-[:PART_OF]->(s:Street)
OPTIONAL MATCH (c)<-[:LOCATED_IN]-(u:Unit)
WHERE coalesce(u.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(u.valid_to, '9999-12-31')
OPTIONAL MATCH (u)-[seat:SEATED_ON]->(:PartyOrganization)
WHERE coalesce(seat.from, '0000-01-01') <= $as_of AND $as_of < coalesce(seat.to, '9999-12-31')
WITH s, c, u, count(seat) AS seats
WITH s, c, count(u) AS units, sum(CASE WHEN seats > 0 THEN 1 ELSE 0 END) AS seated
OPTIONAL MATCH (c)<-[l:LEADS]-(o:PartyOrganization {level: 2})<-[:WITH_ORGANIZATION]-(g:Agreement)
WHERE coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
WITH s, c, units, seated, g,
  coalesce(g.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(g.valid_to, '9999-12-31') AND coalesce(g.state, '') <> '终止' AS current
RETURN s.name AS street, c.id AS community_id, c.name AS community, units, seated,
  count(g) AS agreements,
  sum(CASE WHEN g IS NOT NULL AND current THEN 1 ELSE 0 END) AS in_force,
  sum(CASE WHEN g IS NOT NULL AND current AND g.valid_to < $soon THEN 1 ELSE 0 END) AS expiring,
  sum(CASE WHEN g IS NOT NULL AND g.valid_to <= $as_of THEN 1 ELSE 0 END) AS expired
ORDER BY community_id
