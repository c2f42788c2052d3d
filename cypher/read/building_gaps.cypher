// How many buildings of an area there are, how many have no member living there, and how many have no head (楼栋长).
// title: 楼栋缺口
// subject: 党员
// param scope: area -- key of the area whose subtree is read; of a grid, the buildings that belong to it
// param as_of: date = today -- the day that counts
// returns buildings: integer 楼栋（栋）
// returns without_member: integer 无党员（栋）
// returns without_head: integer 无楼栋长（栋）
// route: GET /api/coverage/building-gaps
CALL () {
  MATCH (root:District|Street|Community|Estate|Building {id: $scope})<-[:PART_OF*0..4]-(b:Building)
  RETURN b
  UNION ALL
  MATCH (root:Grid {id: $scope})<-[:IN_GRID]-(b:Building)
  RETURN b
}
WITH b
WHERE coalesce(b.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(b.valid_to, '9999-12-31')
WITH b, EXISTS {
    MATCH (b)<-[:LIVES_IN]-(p:Person)
    WHERE p.member_kind IS NOT NULL
      AND coalesce(p.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(p.valid_to, '9999-12-31')
  } AS member,
  size([
    (b)<-[h:HOLDS]-(:Person)
    WHERE h.post = '楼栋长' AND coalesce(h.from, '0000-01-01') <= $as_of AND $as_of < coalesce(h.to, '9999-12-31')
    | h]) AS heads
RETURN count(b) AS buildings, coalesce(sum(CASE WHEN member THEN 0 ELSE 1 END), 0) AS without_member,
  coalesce(sum(CASE WHEN heads = 0 THEN 1 ELSE 0 END), 0) AS without_head
