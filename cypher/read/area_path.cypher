// An area and the areas around it up to the district, the widest first.
// title: 区域及其上级
// subject: 区域与概况
// param scope: area -- key of the area
// returns area_id: Community.id 区域编号
// returns area: Community.name 区域
// returns label: string 区域类型 -- label of the kind
// route: GET /api/areas/path
MATCH (a:District|Street|Community|Estate|Grid|Building {id: $scope})-[:PART_OF*0..4]->(p:District|Street|Community|Estate|Grid|Building)
WITH DISTINCT p, labels(p)[0] AS label
RETURN p.id AS area_id, p.name AS area, label
ORDER BY CASE label WHEN 'District' THEN 0 WHEN 'Street' THEN 1 WHEN 'Community' THEN 2 WHEN 'Building' THEN 4 ELSE 3 END, area_id
