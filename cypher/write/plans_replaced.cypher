// End the announced plans that give something to a need that a plan gives something to: it takes their place.
// title: 结束被取代的方案
// param plan: string -- key of the plan that takes their place
// returns id: string 方案编号 -- key of each plan that ended
MATCH (p:Plan {id: $plan})-[:ASSIGNS]->(n:Need)<-[:ASSIGNS]-(old:Plan)
WHERE old.id <> p.id AND old.state = 'announced'
WITH DISTINCT old
SET old.state = 'ended'
RETURN old.id AS id
