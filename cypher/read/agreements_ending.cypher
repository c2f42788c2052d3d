// Agreements of an area's units that have expired or end before a day, the earliest first. Those that were terminated are left out.
// title: 到期与即将到期的协议
// subject: 共建单位与协议
// param scope: area(District, Street, Community) -- key of the area whose units are read
// param as_of: date = today -- the day that counts
// param soon: date = today+30 -- agreements that end before this day are listed
// param expired: boolean = null -- true: only those that have expired, false: only those still in force
// returns agreement_id: Agreement.id
// returns agreement: Agreement.name
// returns unit_id: Unit.id
// returns unit: Unit.name
// returns community: Community.name
// returns valid_to: Agreement.valid_to
// returns expired: boolean 已到期
// route: GET /api/coverage/agreements-ending
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)<-[:LOCATED_IN]-(u:Unit)<-[:WITH_UNIT]-(g:Agreement)
WHERE g.valid_to < $soon AND coalesce(g.valid_from, '0000-01-01') <= $as_of AND coalesce(g.state, '') <> '终止'
  AND ($expired IS NULL OR $expired = (g.valid_to <= $as_of))
RETURN g.id AS agreement_id, g.name AS agreement, u.id AS unit_id, u.name AS unit, c.name AS community, g.valid_to AS valid_to,
  g.valid_to <= $as_of AS expired
ORDER BY valid_to, agreement_id
