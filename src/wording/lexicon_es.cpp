// Spanish.
#include "wording/lexicon.h"

namespace convops {

std::string_view spanish_words() {
    return R"(
~: el, la, los, las, un, una, del, al, en, que, y así, es, son, era, eran, fue, fueron, ha, han, había, hay, ser, estar, está, están, estaba, se, su, sus, este, esta, esto, ese, esa, eso, lo, le, nos, por, para, con, como, cuando, también, muestra, muestran, mostró, alcanzó, alcanza, aparece, aparecen, apareció, aparecieron, valor, hora, minuto, alarma, alarmas, métrica, incidente, registro, registros, línea, líneas, vemos, según, queda, quedan, quedó, a las, a la, de la, de las, de los, llegó, medido, indica
up: subió, subieron, sube, subido, aumentó, aumentaron, aumenta, aumento, un aumento, creció, crecido, incremento, mayor, más alto
down: bajó, bajaron, baja, bajado, cayó, cayeron, cae, caído, disminuyó, descenso, menor
steady: se mantuvo, sigue igual, sin cambios, estable, constante
above: por encima, por encima del, por encima de, superó, supera
below: por debajo, por debajo del, por debajo de
not: no, nunca, sin, ningún, ninguna, nada, ni, tampoco
because: porque, debido a, debido al, causado por, causada por, provocado por, provocada por, a causa de, a causa del, por culpa de
caused: causó, causaron, provocó, provocaron, desencadenó, llevó a, por eso, por lo tanto
cause: causa, la causa, motivo, razón, culpable
ruled-out: descartado, descartada, queda descartado, queda descartada, no es la causa, no fue la causa, se descarta
likely: probable, probablemente
foremost: más probable, principal
possible: posible, posiblemente, quizás
another: otra, otro
before: antes, anteriormente, anterior, previo, en la hora anterior
after: después, tras, después de, después del
then: luego, entonces
since: desde, desde entonces, desde las, desde la
began: empezó, comenzó, inició, comienzo, inicio, a partir de
until: hasta
later: más tarde
from: de
to: a
usual: habitual, habitualmente, normal, normalmente
yesterday: ayer
last-week: la semana pasada
now: ahora, actualmente
about: unos, cerca de, aproximadamente, alrededor de, casi
more-than: más de, al menos
less-than: menos de, como máximo
times: veces
doubled: duplicó, se duplicó, doble
halved: mitad
tripled: triplicó, triple
and: y, e, pero, mientras
threshold: umbral
limit: límite
new: nuevo, nueva, por primera vez
seen: visto
advice: debe, deben, debería, hay que, recomendamos, recomendado, sugerido, por favor, reinicie, elimine, aumente, compruebe
code-level: fuga, fuga de memoria, error de código, condición de carrera, interbloqueo
order: reinicia, reiniciar, elimina, eliminar, borra, borrar, aumentar, revisa, revisar, ignora, ignorar, abre, abrir, ejecuta, ejecutar
number: cero, uno, dos, tres, cuatro, cinco, seis, siete, ocho, nueve, diez, once, doce
fired: se activó, activó, saltó, se disparó
deploy: despliegue, desplegado, desplegada, desplegó
config: configuración
change: cambió, cambiado, cambio, cambia
traffic: tráfico
request: solicitudes, peticiones
cpu: procesador
memory: memoria
storage: almacenamiento, disco
ran-out: lleno, llena, agotado, agotada
connection: conexiones, conexión
error: errores
latency: latencia
slow: lento
database: base de datos
service: servicio
queue: cola
not-known: no se conoce, desconocida, desconocido
healthy: sano
problem: problema, problemas, interrupción
)";
}

} // namespace convops
