// Venues of an area, those that have ended included.
// title: 阵地
// subject: 区域与概况
// param scope: area -- key of the area whose subtree is read
// param kind: VenueKind = null -- one kind only
// returns venue_id: Venue.id
// returns venue: Venue.name
// returns kind: Venue.kind
// returns floor_area_m2: Venue.floor_area_m2
// returns valid_from: Venue.valid_from
// returns valid_to: Venue.valid_to
// returns area_id: Community.id 区域编号
// returns area: Community.name 所在区域
// route: GET /api/coverage/venues
MATCH (root:District|Street|Community|Estate|Grid|Building {id: $scope})<-[:PART_OF*0..4]-(a)<-[:IN_AREA]-(v:Venue)
WHERE $kind IS NULL OR v.kind = $kind
RETURN v.id AS venue_id, v.name AS venue, v.kind AS kind, v.floor_area_m2 AS floor_area_m2,
  v.valid_from AS valid_from, v.valid_to AS valid_to, a.id AS area_id, a.name AS area
ORDER BY area_id, venue_id
