// Resources of an area: all, on offer on the day, and not confirmed for half a year. A resource is of an area when its owner is the area, is located, lives or leads in it, or serves it.
// title: 资源概况
// subject: 资源
// param scope: area -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// param confirmed_since: date = today-180 -- resources last confirmed before this day count as unconfirmed
// returns resources: integer 资源（项）
// returns on_offer: integer 可用（项）
// returns unconfirmed: integer 久未确认（项） -- on offer, and last confirmed too long ago or never
// route: GET /api/coverage/resources
CALL () {
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..2]-(a:Community)<-[:OFFERED_BY]-(r:Resource)
  RETURN a, a AS o, r
  UNION ALL
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)
  MATCH (a)<-[t:LOCATED_IN|SERVES|LEADS]-(o:Unit|Organization|PartyOrganization)
  WHERE coalesce(t.from, '0000-01-01') <= $as_of AND $as_of < coalesce(t.to, '9999-12-31')
  MATCH (o)<-[:OFFERED_BY]-(r:Resource)
  RETURN a, o, r
  UNION ALL
  MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a:Building)
  MATCH (a)<-[:LIVES_IN]-(o:Person)<-[:OFFERED_BY]-(r:Resource)
  RETURN a, o, r
}
WITH DISTINCT r
WITH coalesce(r.last_confirmed, '0000-01-01') AS confirmed,
  coalesce(r.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(r.valid_to, '9999-12-31') AS on_offer
RETURN count(*) AS resources, coalesce(sum(CASE WHEN on_offer THEN 1 ELSE 0 END), 0) AS on_offer,
  coalesce(sum(CASE WHEN on_offer AND confirmed < $confirmed_since THEN 1 ELSE 0 END), 0) AS unconfirmed
