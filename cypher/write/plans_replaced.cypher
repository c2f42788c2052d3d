// The announced plans that give something to a need that a plan gives something to: it takes their place.
// title: 被取代的方案
// param plan: string -- key of the plan that takes their place
// returns plan: string 方案编号 -- key
MATCH (p:Plan {id: $plan})-[:ASSIGNS]->(n:Need)<-[:ASSIGNS]-(old:Plan)
WHERE old.id <> p.id AND old.state = 'announced'
WITH DISTINCT old.id AS plan
RETURN plan
ORDER BY plan
