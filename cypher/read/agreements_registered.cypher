// All agreements of an area's units that the register holds, ended ones included.
// title: 登记的共建协议
// subject: 共建单位与协议
// param scope: area(District, Street, Community) -- key of the area whose subtree is read
// param as_of: date = today -- the day that counts
// param soon: date = today+30 -- agreements that end before this day are about to expire
// returns agreements: integer 协议（份）
// returns in_force: integer 有效（份）
// returns expiring: integer 即将到期（份）
// route: GET /api/coverage/agreements
MATCH (root:District|Street|Community {id: $scope})<-[:PART_OF*0..2]-(c:Community)<-[:LOCATED_IN]-(:Unit)<-[:WITH_UNIT]-(g:Agreement)
WITH DISTINCT g
WITH g.valid_to AS ends,
  coalesce(g.valid_from, '0000-01-01') <= $as_of AND $as_of < coalesce(g.valid_to, '9999-12-31') AND coalesce(g.state, '') <> '终止' AS current
RETURN count(*) AS agreements, coalesce(sum(CASE WHEN current THEN 1 ELSE 0 END), 0) AS in_force,
  coalesce(sum(CASE WHEN current AND ends < $soon THEN 1 ELSE 0 END), 0) AS expiring
