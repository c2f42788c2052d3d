// Property areas by who runs them, and how many have a red council (红色议事会).
// title: 物业管理区域
// subject: 组织与岗位
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// returns management: Management 管理方式
// returns areas: integer 物业区域（个）
// returns with_council: integer 有红色议事会（个）
// route: GET /api/coverage/property-areas
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)<-[:IN_COMMUNITY]-(a:PropertyArea)
WHERE coalesce(a.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(a.valid_to, '9999-12-31')
OPTIONAL MATCH (a)<-[:SERVES]-(o:Organization {kind: '红色议事会'})
WHERE coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31')
WITH a.management AS management, a.id AS id, count(o) AS councils
RETURN management, count(id) AS areas, sum(CASE WHEN councils > 0 THEN 1 ELSE 0 END) AS with_council
ORDER BY management
