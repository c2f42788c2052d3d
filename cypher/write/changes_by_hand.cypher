// What operations have changed on a record: as stored, unordered.
// title: 手工修改
// param subject: string -- how change records name it
// returns before: Change.before
// returns after: Change.after
MATCH (c:Change {subject: $subject})
WHERE c.id STARTS WITH 'op:'
RETURN c.before AS before, c.after AS after
