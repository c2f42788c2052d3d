// What plans that are announced or running give to the needs of a district.
// title: 对接用：已公布的方案
// subject: 对接
// param scope: area(District) -- key of the district
// returns plan: string 方案 -- key
// returns need: string 需求 -- key
// returns resource: ASSIGNS.partner 资源
// returns quantity: ASSIGNS.quantity
MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(a)<-[:RAISED_IN]-(n:Need)<-[g:ASSIGNS]-(p:Plan)
WHERE p.state IN ['announced', 'running']
RETURN p.id AS plan, n.id AS need, g.partner AS resource, g.quantity AS quantity
ORDER BY need, resource, plan
