// Who may offer something in a district: its units, and whoever offers a resource that is of the district or serves it. Where a person lives is told no closer than the community.
// title: 对接用：提供方
// subject: 对接
// param scope: area(District) -- key of the district
// param as_of: date = today -- the day that counts
// returns owner: string 提供方编号 -- key
// returns label: string 类型 -- Unit, Community, Organization, PartyOrganization or Person
// returns name: string 提供方 -- empty for a person
// returns areas: strings 所在区域 -- keys of the areas where it is located, that it serves, leads or lives in
// returns active: boolean 在册 -- whether it is valid on the day
// returns declined_categories: Unit.declined_categories
// returns declined_groups: Unit.declined_groups
CALL () {
  MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(a)<-[:LOCATED_IN]-(o:Unit)
  RETURN o
  UNION ALL
  MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(a)<-[:SERVES]-(:Resource)-[:OFFERED_BY]->(o)
  RETURN o
  UNION ALL
  MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(o:Community)<-[:OFFERED_BY]-(:Resource)
  RETURN o
  UNION ALL
  MATCH (root:District {id: $scope})<-[:PART_OF*0..4]-(a)<-[:SERVES|LEADS|LIVES_IN]-(o:Organization|PartyOrganization|Person)
  MATCH (o)<-[:OFFERED_BY]-(:Resource)
  RETURN o
}
WITH DISTINCT o
OPTIONAL MATCH (o)-[:LIVES_IN]->(:Building)-[:PART_OF*1..2]->(c:Community)
WITH o, collect(DISTINCT c.id) AS lives
OPTIONAL MATCH (o)-[t:LOCATED_IN|SERVES|LEADS]->(a)
WHERE coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
WITH o, lives, collect(DISTINCT a.id) AS areas
RETURN o.id AS owner, labels(o)[0] AS label, CASE WHEN labels(o)[0] = 'Person' THEN '' ELSE o.name END AS name,
  lives + areas AS areas,
  coalesce(o.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(o.valid_to, '9999-12-31') AS active,
  o.declined_categories AS declined_categories, o.declined_groups AS declined_groups
ORDER BY owner, label
