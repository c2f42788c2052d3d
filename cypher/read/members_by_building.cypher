// Buildings of an area with the members who live there and the building's head (楼栋长): those without either come first.
// title: 楼栋党员与楼栋长
// subject: 党员
// param scope: area(Street, Community, Estate, Grid, Building) -- key of the area whose buildings are read; of a grid, those that belong to it
// param as_of: date = today -- the day that counts
// returns community: Community.name
// returns estate: Estate.name
// returns building_id: Building.id
// returns building: Building.name
// returns members: integer 居住党员（名）
// returns heads: integer 楼栋长（名） -- people who hold the post of 楼栋长 there
// route: GET /api/coverage/buildings
CALL () {
  MATCH (root:Street|Community|Estate|Building {id: $scope})<-[:PART_OF*0..3]-(b:Building)
  RETURN b
  UNION ALL
  MATCH (root:Grid {id: $scope})<-[:IN_GRID]-(b:Building)
  RETURN b
}
WITH b
WHERE coalesce(b.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(b.valid_to, '9999-12-31')
OPTIONAL MATCH (b)<-[:LIVES_IN]-(p:Person)
WHERE p.member_kind IS NOT NULL
  AND coalesce(p.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(p.valid_to, '9999-12-31')
WITH b, count(p) AS members
OPTIONAL MATCH (b)<-[h:HOLDS {post: '楼栋长'}]-(:Person)
WHERE coalesce(h.from, '0000-01-01') <= $as_of AND $as_of < coalesce(h.to, '9999-12-31')
WITH b, members, count(h) AS heads
MATCH (b)-[:PART_OF]->(e:Estate)-[:PART_OF]->(c:Community)
RETURN c.name AS community, e.name AS estate, b.id AS building_id, b.name AS building, members, heads
ORDER BY members + heads, building_id
