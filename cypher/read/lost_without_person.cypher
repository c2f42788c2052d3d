// What would be lost without a person: posts (岗位) that nobody else holds at the same place, and buildings (楼栋) where no other member lives.
// title: 失去某人的影响
// subject: 失去以后
// param scope: area -- key of an area in which the posts and buildings are
// param person: string -- key of the person
// param as_of: date = today -- the day that counts
// returns loss: string 失去什么 -- the kind of loss
// returns id: string 编号 -- key of what is lost or left without
// returns name: string 名称
// returns detail: string 说明 -- the post, or the estate of a building
// route: GET /api/what-if/person
CALL () {
  MATCH (p:Person {id: $person})-[h:HOLDS]->(place)
  WHERE coalesce(h.from, '0000-01-01') <= $as_of AND $as_of < coalesce(h.to, '9999-12-31')
  MATCH (place)-[:LEADS|SERVES*0..1]->()-[:PART_OF*0..4]->(root:District|Street|Community|Estate|Grid|Building {id: $scope})
  WITH DISTINCT p, place, h.post AS post
  OPTIONAL MATCH (place)<-[k:HOLDS]-(x:Person)
  WHERE x.id <> p.id AND k.post = post
    AND coalesce(k.from, '0000-01-01') <= $as_of AND $as_of < coalesce(k.to, '9999-12-31')
  WITH place, post, count(x) AS others
  WHERE others = 0
  RETURN '岗位' AS loss, place.id AS id, place.name AS name, post AS detail
  UNION ALL
  MATCH (p:Person {id: $person})-[:LIVES_IN]->(b:Building)-[:PART_OF*0..4]->(root:District|Street|Community|Estate|Building {id: $scope})
  WHERE p.member_kind IS NOT NULL
    AND coalesce(p.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(p.valid_to, '9999-12-31')
  OPTIONAL MATCH (b)<-[:LIVES_IN]-(x:Person)
  WHERE x.id <> p.id AND x.member_kind IS NOT NULL
    AND coalesce(x.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(x.valid_to, '9999-12-31')
  WITH b, count(x) AS others
  WHERE others = 0
  MATCH (b)-[:PART_OF]->(e:Estate)
  RETURN '楼栋' AS loss, b.id AS id, b.name AS name, e.name AS detail
}
RETURN loss, id, name, detail
ORDER BY loss, id, detail
