// Buildings of an area where no party member lives.
// title: 无党员的楼栋
// subject: 党员
// param scope: area -- key of the area whose subtree is read; of a grid, the buildings that belong to it
// param as_of: date = today -- the day that counts
// returns community: Community.name
// returns estate: Estate.name
// returns building_id: Building.id
// returns building: Building.name
// route: GET /api/coverage/buildings-without-member
CALL () {
  MATCH (root:District|Street|Community|Estate|Building {id: $scope})<-[:PART_OF*0..4]-(b:Building)
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
WITH b, count(p) AS present
WHERE present = 0
MATCH (b)-[:PART_OF]->(e:Estate)-[:PART_OF]->(c:Community)
RETURN c.name AS community, e.name AS estate, b.id AS building_id, b.name AS building
ORDER BY building_id
