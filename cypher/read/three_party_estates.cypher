// Property areas and whether residents' committee, owners' committee and property company are all there (三方联动).
// title: 三方联动
// subject: 组织与岗位
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// param management: Management = null -- only those run in this way
// param complete: boolean = null -- true: only those with all three, false: only those that lack one
// returns community_id: Community.id
// returns community: Community.name
// returns property_area_id: PropertyArea.id
// returns property_area: PropertyArea.name
// returns management: PropertyArea.management
// returns committee: boolean 居委会
// returns owners: boolean 业委会
// returns company: boolean 物业公司
// returns complete: boolean 三方齐备
// route: GET /api/coverage/three-parties
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)<-[:IN_COMMUNITY]-(a:PropertyArea)
WHERE ($management IS NULL OR a.management = $management)
  AND coalesce(a.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(a.valid_to, '9999-12-31')
OPTIONAL MATCH (c)<-[:SERVES]-(j:Organization {kind: '居委会'})
WHERE coalesce(j.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(j.valid_to, '9999-12-31')
WITH c, a, count(j) AS committees
OPTIONAL MATCH (a)-[:COVERS*0..1]->(ground)<-[:SERVES]-(o:Organization)
WHERE o.kind IN ['业委会', '物业公司']
  AND coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
WITH c, a, committees > 0 AS committee, collect(DISTINCT o.kind) AS kinds
WITH c, a, committee, '业委会' IN kinds AS owners, '物业公司' IN kinds AS company
WHERE $complete IS NULL OR $complete = (committee AND owners AND company)
RETURN c.id AS community_id, c.name AS community, a.id AS property_area_id, a.name AS property_area, a.management AS management,
  committee, owners, company, committee AND owners AND company AS complete
ORDER BY community_id, property_area_id
