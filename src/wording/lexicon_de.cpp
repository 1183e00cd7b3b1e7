// German. Forms are listed one by one: a rule for endings would take "Speicherleck" for "Speicher".
#include "wording/lexicon.h"

namespace convops {

std::string_view german_words() {
    return R"(
~: der, die, das, den, dem, des, ein, eine, einen, einem, einer, eines, und so, ist, sind, war, waren, wird, wurde, wurden, worden, hat, haben, hatte, hatten, es, sie, wir, im, in, am, an, auf der, auf dem, bei, beim, mit, für, um, zu, zum, zur, als, dass, welche, welcher, welches, dies, diese, dieser, dieses, dort, hier, auch, sich, uhr, kam, kommt, kommen, pro, je, laut, zeigt, zeigen, zeigte, lag, liegt, liegen, stand, steht, betrug, beträgt, erreichte, erreicht, erschien, erscheint, wert, stunde, minute, minuten lang, gefunden, gesehen, gemessen, alarm, alarms, metrik, vorfall, meldet, meldete, log, protokoll, zeile, zeilen, aus, des alarms
up: mehr, stieg, stiegen, steigt, steigen, gestiegen, anstieg, ein anstieg, erhöht, erhöhte, höher, zunahme, zugenommen, wuchs, gewachsen, sprang
down: fiel, fielen, fällt, gefallen, sank, sanken, sinkt, gesunken, rückgang, niedriger, abgenommen, verringert
steady: blieb, blieben, bleibt, unverändert, gleich, konstant, stabil
above: über, überschritt, überschritten, übersteigt, oberhalb
below: unter, unterhalb
not: nicht, kein, keine, keinen, keiner, keinem, nie, niemals, ohne, nichts, kam es nie vor, nie vor, nicht mehr
because: wegen, weil, aufgrund, verursacht durch, ausgelöst durch, infolge, durch den, durch die, durch das, als folge
caused: führte zu, führten zu, führt zu, löste den alarm aus, hat verursacht, verursacht, verursachte, bewirkte, daher, deshalb, dadurch, folglich
cause: ursache, die ursache, grund, auslöser, schuld
ruled-out: ausgeschlossen, ist ausgeschlossen, ist nicht die ursache, nicht die ursache, war nicht die ursache, ausschließen
likely: wahrscheinlich, wahrscheinliche, wahrscheinlichen, vermutlich, wohl
foremost: wahrscheinlichste, hauptursache, am wahrscheinlichsten
possible: möglich, mögliche, möglicherweise, vielleicht
another: weitere, andere, außerdem möglich
before: vorher, zuvor, davor, vor, in der stunde davor, früher
after: nach, nachdem, danach
then: dann, anschließend
since: seit, seitdem
began: begann, begannen, beginnt, beginn, fing an, ab
until: bis
later: später
from: von
to: auf
usual: üblich, üblicherweise, normal, normalerweise, gewöhnlich
yesterday: gestern
last-week: letzte woche
now: jetzt, nun, inzwischen
about: etwa, ungefähr, rund, circa, fast, knapp
more-than: mehr als, mindestens
less-than: weniger als, höchstens
times: mal, fache, male
doubled: verdoppelte, verdoppelt, doppelt
halved: halbierte, halbiert, halb
tripled: verdreifachte, verdreifacht
and: und, sowie, während, aber
threshold: schwellwert, schwelle, schwellenwert, schwellwerts
limit: grenze, limit, obergrenze
new: neu, neue, erstmals
seen: vorgekommen
advice: sollte, sollten, muss, müssen, empfehlen, empfohlen, bitte, vorschlag, vorgeschlagen, starten sie, löschen sie, erhöhen sie, prüfen sie, neu starten
code-level: speicherleck, fehler im code, bug, wettlauf, verklemmung, programmfehler
order: starte, starten, lösche, löschen, erhöhe, erhöhen, prüfe, prüfen, setze, setzen, rolle, ignoriere, ignorieren, öffne, öffnen
number: null, eins, zwei, drei, vier, fünf, sechs, sieben, acht, neun, zehn, elf, zwölf
number 1: einmal
fired: ausgelöst, alarm ausgelöst, löste aus, schlug an
deploy: deploy, deployment, auslieferung, ausgerollt
config: konfiguration, konfigurationsänderung
change: änderte, geändert, änderung, ändert
traffic: traffic, verkehr, datenverkehr
request: anfragen, anfrage, aufrufe
cpu: prozessor, cpu-auslastung
memory: arbeitsspeicher
storage: speicherplatz, festplatte
ran-out: voll, voller, volle, erschöpft, ausgelastet
connection: verbindungen, verbindung
error: fehler, fehlermeldung, fehlermeldungen
latency: latenz, antwortzeit
slow: langsam, langsamer
database: datenbank
service: dienst, dienstes, service
queue: warteschlange
not-known: nicht bekannt, unbekannt, unklar
healthy: gesund
problem: problem, störung, ausfall
)";
}

} // namespace convops
