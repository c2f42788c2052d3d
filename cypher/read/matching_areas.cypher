// The territory of a district as matching sees it: every area with the areas that hold it directly.
// title: 对接用：区域
// subject: 对接
// param scope: area(District) -- key of the district
// returns area_id: string 区域编号
// returns label: string 类型 -- District, Street, Community, Estate, Grid or Building
// returns name: string 名称
// returns parents: strings 上级区域 -- keys of the areas that hold it: PART_OF, and IN_GRID of a building
MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(a)
OPTIONAL MATCH (a)-[:PART_OF|IN_GRID]->(p:District|Street|Community|Estate|Grid)
RETURN a.id AS area_id, labels(a)[0] AS label, a.name AS name, collect(p.id) AS parents
ORDER BY area_id
