// English. A word stands once; what could claim something is not among the neutral words.
#include "wording/lexicon.h"

namespace convops {

std::string_view english_words() {
    return R"(
~: the, a, an, of, in, on, at, by, with, for, as, is, are, was, were, be, been, being, has, have, had, its, it, this, that, these, those, there, here, our, we, you, they, their, them, which, who, whose, what, where, it's, that's
~: has been, had been, so far, as far as, we can tell, can tell, in total, in all, according to, at that time, at the time, in as long a time, on average, of those, of them, per, one of, some of, same, same time, also, too, just, do, does, did, can, could, will, would, may, might, s
~: shows, show, showed, shown, says, say, said, saw, see, reported, reports, report, recorded, records, measured, reads, found, find, looks, look like, looked, stands, stood, stand, reached, reach, reaching, hit, hits, value, values, level, levels, datapoint, datapoints, point, points, sum, average, maximum, minimum, peak, figure, number, total, amount
~: alarm, alarms, metric, metrics, incident, alert, resource, account, region, moment, time, times of, minute, second, hour, day, today, own, its own, itself, way, while, when, whereas, as of, via, within, between, during, into, onto, out, off, around this, such, very, than, or, if so, kind, case, event, events, log, logs, logged, line, lines, pattern, entry, entries, appears, appeared, appear, occurs, occurred, occur, happens, happened, happen, came, come, comes, coming, marks, marked, left, leaves, going, gone, went, got, gets, get, became, become, becomes, turned, stands at, compared, compared with, compared to, against, evidence, fact, facts, known, lead, best lead, clear, clearly, likewise, together, respectively
~: like, moved, moves, move, there was, there were, likely to have, most recent, current, currently, meanwhile, utc, window, but, i.e, e.g, noted, note, observed, observe, seen by, tells, tell, told, it tells
up: more, rose, rise, rises, rising, risen, increased, increase, increases, increasing, climbed, climb, climbs, climbing, jumped, jump, jumps, jumping, grew, grow, grows, growing, grown, went up, going up, goes up, gone up, up, higher, surge, surged, surges, surging, spike, spiked, spikes, spiking, soared, raised, raise of, elevated, high, growth, worsened, exceeded normal, shot up
down: fell, fall, falls, falling, fallen, decreased, decrease, decreases, decreasing, dropped, drop, drops, dropping, sank, sink, sunk, sinking, went down, going down, goes down, gone down, down, lower, lowered, declined, decline, declines, shrank, reduced, reduction, cut, plunged, dipped, slumped
steady: stayed, stay, stays, staying, steady, unchanged, constant, stable, flat, remained, remain, remains, kept, held steady, did not move, did not change, has not changed, has not moved, did not rise, did not increase, did not grow, did not fall, did not drop, not more, as before
above: above, exceeds, exceeded, exceeding, over the, crossed, crosses, beyond, past the, passed
below: below, under, beneath
not: not, no, never, without, none, nothing, neither, nor, didn't, don't, doesn't, isn't, wasn't, weren't, hasn't, haven't, couldn't, can't, cannot, won't, nobody, no longer, failed to be, unable to, not able to, were unable to
because: because of, because, due to, owing to, caused by, triggered by, resulted from, resulting from, as a result of, brought on by, set off by, driven by, explained by, stems from, stemming from, thanks to, attributed to, attributable to, result of, results from, a consequence of, induced by
caused: so, and so, caused, causes, causing, led to, leads to, leading to, lead to, triggered, triggers, triggering, resulted in, results in, resulting in, set off, brought about, brought down, broke, breaks, explains, explain, is responsible for, is to blame for, was responsible for, made, makes, therefore, hence, thus, consequently, as a result, so that
cause: cause, causes of, possible causes, likely causes, probable causes, main cause, primary cause, root cause, reason, culprit, to blame, responsible, source of the problem, trigger, origin, caused this, causing this, behind this, explanation
ruled-out: ruled out, rule out, rules out, excluded, exclude, can be excluded, is excluded, is not the cause, was not the cause, not the cause, not a cause, is not a cause, are not the cause, not to blame, not responsible, not behind this, can be ruled out, dismissed, innocent, played no part, plays no part
likely: likely, probably, probable, likelihood, probability, confidence, presumably, apparently
foremost: most likely, most probably, likeliest
possible: possible, possibly, perhaps, maybe, candidate, suspected, conceivable
another: another, other, second cause, second likely, less likely, lesser, alternative, additional, alternatively, also possible
before: before, previously, earlier, beforehand, prior, prior to, in the hour before, the hour before, ahead of, preceding, preceded, until then, formerly, back then, before then, before that
after: after, afterwards, following the, subsequent to, once
then: then, subsequently, next
since: since, ever since, since then, from then on, from now on
began: began, begin, begins, beginning, started, start of, starts, starting, onset, set in, first appeared, first seen, start, began at, commenced
until: until, till, up to, by the time
later: later, in the following
from: from
to: to, →
usual: used to be, usual, usually, normal, normally, typical, typically, expected, baseline, ordinarily, as usual, what it was, than usual
yesterday: yesterday
last-week: last week, a week ago, a week earlier
now: now, at present, at the moment
about: about, around, roughly, approximately, approx, nearly, almost, some, circa, close to, ca
more-than: more than, over, at least, upwards of, in excess of
less-than: less than, fewer than, at most
times: times, fold, x, times what it was, times as much, times as many, times higher, times the usual, times the usual level
doubled: doubled, double, doubling, twice, twofold
tripled: tripled, triple, threefold, thrice
halved: halved, half
a-third: a third, one third
and: and, as well as, plus, along with, together with
whether: whether, if
readable: read, look at, looked at, be read, seeing, access, able to read, visible, see it, asked, ask, be asked, query it, reach it
threshold: threshold, thresholds, alarm threshold, the alarm's threshold
limit: limit, limits, of at most, maximum of, cap, ceiling
new: new, newly, first time, for the first time
seen: seen, present, spotted, encountered
advice: should, must, need to, needs to, ought, have to, has to, recommend, recommended, recommendation, suggest, suggested, suggestion, suggests, advise, advised, advice, please, try, consider, fix, fixes, remedy, to fix it, next step, action, actions, mitigation, mitigate, let's, want to
code-level: leak, leaks, leaking, leaked, memory leak, bug, bugs, buggy, race condition, race, deadlock, unreleased, released, never released, not closed, infinite loop, regression, defect, defective, null pointer, retry loop, refactoring, typo
order: roll, restart, increase, add, check, look, give, put, reboot, raise, free, renew, request, follow, send, move, delete, drop, scale, run, try, consider, contact, stop, kill, disable, enable, upgrade, terminate, rotate, open, close, revert, roll back, undo, reduce, lower, set, change, fix, deploy, redeploy, apply, execute, call, visit, click, post, tell, ask, write, inform, notify, ignore, allow, grant, remove, replace, switch, point, have, start, update, use, make, turn, investigate, review, verify, ensure, wait, restore, fail, failover, throttle, block, scan, read, see, go, keep, clear, purge, do, let, get, take, retry, limit, cut, decrease, double, halve, query, access, log
number: zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve
number 1: once
all: all, every, everything, each, both, entire, whole, only, alone, any, anything
alarm-on: alarm on, alarms on, alarm for
fired: fired, went off, was triggered, rang, alarmed, sounded
fires: fires, fire, goes off
onset: the onset, onset of, the incident began, the problem began
deploy: deploy, deploys, deployed, deployment, deployments, deploying, rollout, rollouts, rolled out, release, released version, redeployed
config: configuration, config, configurations, reconfigured, reconfiguration
setting: setting, settings, variable, environment variable, parameter, parameters, value of the setting
change: change, changes, changed, changing, modified, modification, set, adjusted, adjustment, edited, altered, updated, update, swapped, replaced by, replaced
image: image, images
version: version, versions, revision
task-definition: task definition, task definitions
previous: previous
scaling: scaling, scaled, scale-in, scale-out, desired count, desired capacity
capacity: capacity
permission: permission, permissions, policy, policies, privilege, rights
access-denied: access denied, access was denied, access-denied, denied, forbidden, not authorised, not authorized
traffic: traffic, load on
request: request, requests, invocation, invocations, calls per second
query: query, queries, statement, statements, sql
session: sessions, active sessions, session
cpu: cpu, processor, processors, cpus, cpu utilization, cpu usage, processor time, cpu utilisation
memory: memory, ram, out-of-memory, oom, heap, memory utilization, memory usage, lack of memory, memory use
ran-out: ran out of, ran out, run out, runs out, running out, exhausted, exhaustion, used up, full, filled up, fills up, saturated, saturation, lack of, depleted, no space, no space left, maxed out, busy
storage: storage, disk, disks, disk space, space, storage space
free: free, available, left free
io: iops, i/o, io, disk queue, burst credits, burst balance, throughput
connection: connection, connections, database connections
pool: pool, pools, connection pool, pool size
replica: replica, replicas, replication
lag: lag, behind
failover: failover, failovers, failed over, fail-over, multi-az
restart: restarted, restart, restarts, rebooted, reboot
throttle: throttled, throttles, throttling, throttle, rate-limited
quota: quota, quotas
timeout: time-out, time-outs, timeout, timeouts, timed out, times out, timing out, runs into its time limit, time limit
dependency: dependency, dependencies, upstream, downstream
external: external, third-party, provider, outside
call: call, calls, called, calling, ran, invoked
fail: fail, fails, failed, failing, failure, failures, broken, lost
host: host, hosts, machine, node
hardware: hardware
check: status check, status checks, health check, health checks, checks
network: network, networking, security group, security groups, route, routes, firewall, vpc
certificate: certificate, certificates, tls, ssl
expired: expired, expiry, expires
backlog: backlog, backlogs, piled up, queue depth
queue: queue, queues, sqs
message: message, messages
security: security, guardduty, attack, attacker, intrusion, compromise
suspicious: suspicious
aws: aws, amazon, aws's, amazon's
aws-side: aws's side, aws side, side of aws, amazon's side
problem: problem, problems, issue, issues, outage, outages, trouble, disruption
open: open, opened
health: aws health
schedule: schedule, schedules, scheduled, cron
job: job, jobs, batch
scheduled-run: scheduled run, scheduled job
stop: stopped, stops, killed, exited, terminated, died, stopping
task: task, tasks, container, containers
target: target, targets
error: error, errors, 5xx, 4xx, exception, exceptions, 5xx errors, http 5xx, faults, server errors
latency: latency, response time, response times, slow, slower, slowly, slowed, slowness
healthy: healthy, fine, in order
unhealthy: unhealthy
heal: healed, healed itself, recovered, recovers, recovery, resolved itself, heals
back-to-normal: back to normal, returned to normal, at its normal level, back within
not-known: not known, unknown, unclear, do not know, don't know, is not known, are not known, could not be determined, do not yet know, not yet known
database: database, databases, rds, db, postgres, postgresql, mysql, aurora
service: service, services, ecs
function: function, functions, lambda
instance: instance, instances, ec2
load-balancer: load balancer, load balancers, alb, elb
target-group: target group, target groups
table: table, tables, dynamodb
cache: cache, caches, elasticache, redis, memcached
cluster: cluster, clusters
volume: volume, volumes, ebs
auto-scaling-group: auto scaling group, autoscaling group
rule: rule, eventbridge
topic: sns topic, sns
gap-words: gap, gaps, blind
cloudtrail: cloudtrail
state: state, status
person: user, role, person, somebody, someone, pipeline, person or a pipeline, actor
attempt: tried, attempted
refused: refused, rejected
primary: primary, writer
yet: yet
)";
}

} // namespace convops
