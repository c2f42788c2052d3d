// Property areas that no property company runs and that have no red council (红色议事会).
// title: 没有红色议事会的片区
// subject: 组织与岗位
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns community_id: Community.id
// returns community: Community.name
// returns property_area_id: PropertyArea.id
// returns property_area: PropertyArea.name
// returns management: PropertyArea.management
// route: GET /api/coverage/property-areas-without-council
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)<-[:IN_COMMUNITY]-(a:PropertyArea)
WHERE a.management <> '专业化物业'
  AND coalesce(a.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(a.valid_to, '9999-12-31')
OPTIONAL MATCH (a)<-[:SERVES]-(o:Organization {kind: '红色议事会'})
WHERE coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
WITH c, a, count(o) AS councils
WHERE councils = 0
RETURN c.id AS community_id, c.name AS community, a.id AS property_area_id, a.name AS property_area, a.management AS management
ORDER BY property_area_id
