// Needs and resources that were brought together by a claim which was given up: they are not proposed again.
// title: 对接用：退出的认领
// subject: 对接
// param scope: area(District) -- key of the district
// returns need: string 需求 -- key
// returns resource: string 资源 -- key
MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(a)<-[:RAISED_IN]-(n:Need)<-[:FOR_NEED]-(c:Claim {state: '退出审批'})-[:WITH_RESOURCE]->(r:Resource)
WITH DISTINCT n.id AS need, r.id AS resource
RETURN need, resource
ORDER BY need, resource
