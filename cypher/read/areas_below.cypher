// The areas that lie directly in an area on a day: streets of a district, communities of a street, estates and grids of a community, buildings of an estate or a grid.
// title: 下一级区域
// subject: 区域与概况
// param scope: area -- key of the area
// param as_of: date = today -- the day that counts
// returns area_id: Community.id 区域编号
// returns area: Community.name 区域
// returns label: string 区域类型 -- label of the kind
// returns kind: string 类别 -- kind of street or community; empty for the others
// route: GET /api/areas/below
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF|IN_GRID]-(a:Street|Community|Estate|Grid|Building)
WHERE coalesce(a.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(a.valid_to, '9999-12-31')
WITH DISTINCT a, labels(a)[0] AS label
RETURN a.id AS area_id, a.name AS area, label, coalesce(a.kind, '') AS kind
ORDER BY CASE label WHEN 'Estate' THEN 0 ELSE 1 END, area_id
