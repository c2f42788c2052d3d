// Resources on offer that no project has ever used and no agreement promises.
// title: 从未使用的资源
// param scope: area(District, Street, Community) -- key of the area whose owners are read
// param as_of: date = today -- the day that counts
// returns resource_id: Resource.id
// returns title: Resource.title 资源
// returns owner: string 提供方
// returns capacity: Resource.capacity
// returns unit: Resource.unit
// returns community: Community.name
// route: GET /api/coverage/unused-resources
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)<-[:LOCATED_IN|SERVES|LEADS*0..1]-(o)<-[:OFFERED_BY]-(r:Resource)
WHERE coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31')
OPTIONAL MATCH (r)<-[:USES|PROMISES]-(x)
WITH c, o, r, count(x) AS uses
WHERE uses = 0
RETURN r.id AS resource_id, r.title AS title, o.name AS owner, r.capacity AS capacity, r.unit AS unit, min(c.name) AS community
ORDER BY resource_id
