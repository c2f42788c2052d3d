// Which category of resources can meet needs of which category, and how well.
// title: 对接用：类别对应
// subject: 对接
// param scope: area(District) -- key of the district
// returns giving: string 资源类别 -- key of the category of resources
// returns wanted: string 需求类别 -- key of the category of needs
// returns weight: CAN_SERVE.weight
MATCH (root:District {id: $scope})
MATCH (g:Category)-[can:CAN_SERVE]->(w:Category)
RETURN g.id AS giving, w.id AS wanted, can.weight AS weight
ORDER BY giving, wanted
