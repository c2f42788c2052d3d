// The committees of streets and communities of an area with the units that have a part-time seat on them.
// title: 兼职席位
// subject: 党组织
// param scope: area(District, Street, Community) -- key of the area whose committees are read
// param as_of: date = today -- the day that counts
// returns area_id: Community.id 区域编号
// returns area: Community.name 区域
// returns organization_id: PartyOrganization.id
// returns organization: PartyOrganization.name
// returns seats: integer 席位（个）
// returns units: strings 兼职单位 -- names of the units
// route: GET /api/coverage/seats
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(a:Street|Community)<-[l:LEADS]-(o:PartyOrganization)
WHERE o.level = CASE labels(a)[0] WHEN 'Street' THEN 1 ELSE 2 END
  AND coalesce(l.from, '0000-01-01') <= $as_of AND $as_of < coalesce(l.to, '9999-12-31')
  AND coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
OPTIONAL MATCH (o)<-[s:SEATED_ON]-(u:Unit)
WHERE coalesce(s.from, '0000-01-01') <= $as_of AND $as_of < coalesce(s.to, '9999-12-31')
WITH a, o, u ORDER BY u.id
WITH a, o, collect(u.name) AS units
RETURN a.id AS area_id, a.name AS area, o.id AS organization_id, o.name AS organization, size(units) AS seats, units
ORDER BY area_id, organization_id
