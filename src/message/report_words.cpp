#include "message/report_words.h"

#include "base/text.h"
#include "message/cause_words.h"

namespace convops {

namespace {

constexpr ReportWords english {
    .lang = "en",
    .peak = "At its worst: {0} was {1} at {2}.",
    .fixes = { "", "Rolled back", "Put back", "Deployed again", "Capacity raised", "Capacity changed",
        "Storage raised", "Restarted", "Failover finished", "AWS closed its event", "Changed" },
    .fixed = "{0} {1} before it came back: {2}",
    .fixed_late = "{0}: {1}",
    .after_change = "{0} {1} before it came back, which may be what fixed it: {2}",
    .by_itself = "It came back by itself: no change to it was seen.",
    .fix_not_looked = "What fixed it is not known: nothing was read again after the end.",
    .fix_trail_unread = "What fixed it is not known: CloudTrail could not be read ({0}).",
    .fix_trail_late = "What fixed it is not known: no change seen yet, and CloudTrail lags up to 15 minutes.",

    .report_of = "Incident report: {0}",
    .summary = "Summary",
    .timeline = "Timeline",
    .causes = "Cause",
    .ruled_out = "Ruled out",
    .not_seen = "What could not be seen",
    .actions = "Actions",
    .evidence = "Evidence",
    .follow_ups = "Follow-ups",
    .chart = "Chart",

    .incident = "Incident",
    .state = "State",
    .open = "open",
    .resolved = "resolved",
    .severity = "Severity",
    .account = "{0} in {1}",
    .account_label = "Account",
    .alarms = "Alarms",
    .impact = "Impact",
    .duration = "Duration",
    .duration_so_far = "{0} so far",
    .detection = "Detection",
    .detection_after = "the alarm fired {0} after the onset",
    .detection_unknown = "the onset is not known",
    .first_message = "First message",
    .first_message_after = "{0} after the alarm",
    .cause_told = "Diagnosis told",
    .what_fixed_it = "What fixed it",
    .conclusion = "Conclusion",
    .cost = "Price of this diagnosis",

    .time = "Time ({0})",
    .event = "Event",
    .facts = "Facts",
    .alarm_fired = "Alarm {0} fired.",
    .alarm_ok = "Alarm {0} was OK again.",
    .alarm_no_data = "Alarm {0} had too little data.",
    .told_first_facts = "First facts told to {0}.",
    .told_diagnosis = "Diagnosis told to {0}.",
    .told_resolved = "Resolved notice told to {0}.",
    .told_flapping = "Flapping told to {0}; batched from here on.",
    .told_answer = "A question was answered in {0}.",
    .onset = "Onset",
    .came_back = "The metric was back within its threshold.",
    .ended = "Incident resolved: {0}.",
    .left_out = "{0} further events are left out here.",

    .evidence_for = "For it",
    .evidence_against = "Against it",
    .none_against = "Nothing that was read speaks against it.",
    .no_cause = "No cause is known. {0}",
    .nothing_ruled_out = "Nothing was ruled out.",
    .everything_seen = "Everything that was asked could be read.",
    .source = "Source",
    .why = "Why",
    .iam_action = "IAM action that would help",
    .would_have_told = "It would have told",
    .no_actions = "None was suggested.",
    .can_be_done = "ConvOps can do this once actions are enabled for the connection.",
    .fact = "Fact",
    .statement = "Statement",
    .read_again = "Read it again",
    .open_in_console = "Open in the AWS console",
    .no_evidence = "Nothing was kept of the investigation.",
    .follow_ups_hint = "For people: what will be done so that this does not happen again, by whom, by when.",
    .made_by = "Written by ConvOps on {0} from the evidence above. F: read while it lasted. R: read after the end.",
};

constexpr ReportWords german {
    .lang = "de",
    .peak = "Schlimmster Wert: {0} war {1} um {2}.",
    .fixes = { "", "Zurückgerollt", "Zurückgestellt", "Neu ausgerollt", "Kapazität erhöht", "Kapazität geändert",
        "Speicherplatz erhöht", "Neu gestartet", "Failover abgeschlossen", "AWS hat sein Ereignis geschlossen",
        "Geändert" },
    .fixed = "{0} {1} vor der Erholung: {2}",
    .fixed_late = "{0}: {1}",
    .after_change = "{0} {1} vor der Erholung, was die Ursache der Erholung sein kann: {2}",
    .by_itself = "Es hat sich von selbst erholt: keine Änderung daran gesehen.",
    .fix_not_looked = "Was geholfen hat, ist nicht bekannt: Nach dem Ende wurde nichts mehr gelesen.",
    .fix_trail_unread = "Was geholfen hat, ist nicht bekannt: CloudTrail war nicht lesbar ({0}).",
    .fix_trail_late = "Was geholfen hat, ist nicht bekannt: noch keine Änderung gesehen, und CloudTrail hinkt bis zu "
                      "15 Minuten nach.",

    .report_of = "Vorfallbericht: {0}",
    .summary = "Zusammenfassung",
    .timeline = "Zeitleiste",
    .causes = "Ursache",
    .ruled_out = "Ausgeschlossen",
    .not_seen = "Was nicht zu sehen war",
    .actions = "Maßnahmen",
    .evidence = "Belege",
    .follow_ups = "Folgearbeiten",
    .chart = "Diagramm",

    .incident = "Vorfall",
    .state = "Zustand",
    .open = "offen",
    .resolved = "behoben",
    .severity = "Schweregrad",
    .account = "{0} in {1}",
    .account_label = "Konto",
    .alarms = "Alarme",
    .impact = "Auswirkung",
    .duration = "Dauer",
    .duration_so_far = "bisher {0}",
    .detection = "Erkennung",
    .detection_after = "der Alarm löste {0} nach dem Beginn aus",
    .detection_unknown = "der Beginn ist nicht bekannt",
    .first_message = "Erste Nachricht",
    .first_message_after = "{0} nach dem Alarm",
    .cause_told = "Diagnose mitgeteilt",
    .what_fixed_it = "Was geholfen hat",
    .conclusion = "Ergebnis",
    .cost = "Preis dieser Diagnose",

    .time = "Zeit ({0})",
    .event = "Ereignis",
    .facts = "Fakten",
    .alarm_fired = "Alarm {0} löste aus.",
    .alarm_ok = "Alarm {0} war wieder OK.",
    .alarm_no_data = "Alarm {0} hatte zu wenige Daten.",
    .told_first_facts = "Erste Fakten an {0} mitgeteilt.",
    .told_diagnosis = "Diagnose an {0} mitgeteilt.",
    .told_resolved = "Behebung an {0} mitgeteilt.",
    .told_flapping = "Flattern an {0} mitgeteilt; ab hier gebündelt.",
    .told_answer = "Eine Frage wurde in {0} beantwortet.",
    .onset = "Beginn",
    .came_back = "Die Metrik war wieder innerhalb ihrer Schwelle.",
    .ended = "Vorfall behoben: {0}.",
    .left_out = "{0} weitere Ereignisse sind hier ausgelassen.",

    .evidence_for = "Dafür",
    .evidence_against = "Dagegen",
    .none_against = "Nichts Gelesenes spricht dagegen.",
    .no_cause = "Keine Ursache bekannt. {0}",
    .nothing_ruled_out = "Nichts wurde ausgeschlossen.",
    .everything_seen = "Alles Gefragte war lesbar.",
    .source = "Quelle",
    .why = "Warum",
    .iam_action = "IAM-Aktion, die helfen würde",
    .would_have_told = "Sie hätte gezeigt",
    .no_actions = "Keine wurde vorgeschlagen.",
    .can_be_done = "ConvOps kann das tun, sobald Aktionen für die Verbindung eingeschaltet sind.",
    .fact = "Fakt",
    .statement = "Aussage",
    .read_again = "Noch einmal lesen",
    .open_in_console = "In der AWS-Konsole öffnen",
    .no_evidence = "Von der Untersuchung ist nichts aufbewahrt.",
    .follow_ups_hint = "Für Menschen: was getan wird, damit es nicht wieder geschieht, von wem, bis wann.",
    .made_by = "Von ConvOps am {0} aus den obigen Belegen geschrieben. F: währenddessen gelesen. R: nach dem Ende "
               "gelesen.",
};

constexpr ReportWords spanish {
    .lang = "es",
    .peak = "Peor valor: {0} fue {1} a las {2}.",
    .fixes = { "", "Versión anterior restaurada", "Valor anterior restaurado", "Desplegado de nuevo",
        "Capacidad aumentada", "Capacidad cambiada", "Almacenamiento aumentado", "Reiniciado",
        "Conmutación por error terminada", "AWS cerró su evento", "Cambio" },
    .fixed = "{0} {1} antes de la recuperación: {2}",
    .fixed_late = "{0}: {1}",
    .after_change = "{0} {1} antes de la recuperación, que puede ser lo que lo arregló: {2}",
    .by_itself = "Se recuperó por sí solo: no se vio ningún cambio.",
    .fix_not_looked = "No se sabe qué lo arregló: no se leyó nada después del final.",
    .fix_trail_unread = "No se sabe qué lo arregló: no se pudo leer CloudTrail ({0}).",
    .fix_trail_late = "No se sabe qué lo arregló: aún no se ve ningún cambio, y CloudTrail se retrasa hasta "
                      "15 minutos.",

    .report_of = "Informe del incidente: {0}",
    .summary = "Resumen",
    .timeline = "Cronología",
    .causes = "Causa",
    .ruled_out = "Descartado",
    .not_seen = "Lo que no se pudo ver",
    .actions = "Acciones",
    .evidence = "Pruebas",
    .follow_ups = "Tareas posteriores",
    .chart = "Gráfico",

    .incident = "Incidente",
    .state = "Estado",
    .open = "abierto",
    .resolved = "resuelto",
    .severity = "Gravedad",
    .account = "{0} en {1}",
    .account_label = "Cuenta",
    .alarms = "Alarmas",
    .impact = "Impacto",
    .duration = "Duración",
    .duration_so_far = "{0} hasta ahora",
    .detection = "Detección",
    .detection_after = "la alarma saltó {0} después del inicio",
    .detection_unknown = "el inicio no se conoce",
    .first_message = "Primer mensaje",
    .first_message_after = "{0} después de la alarma",
    .cause_told = "Diagnóstico comunicado",
    .what_fixed_it = "Qué lo arregló",
    .conclusion = "Conclusión",
    .cost = "Precio de este diagnóstico",

    .time = "Hora ({0})",
    .event = "Suceso",
    .facts = "Hechos",
    .alarm_fired = "La alarma {0} saltó.",
    .alarm_ok = "La alarma {0} volvió a OK.",
    .alarm_no_data = "La alarma {0} tenía pocos datos.",
    .told_first_facts = "Primeros hechos comunicados a {0}.",
    .told_diagnosis = "Diagnóstico comunicado a {0}.",
    .told_resolved = "Resolución comunicada a {0}.",
    .told_flapping = "Oscilación comunicada a {0}; agrupada desde aquí.",
    .told_answer = "Se respondió una pregunta en {0}.",
    .onset = "Inicio",
    .came_back = "La métrica volvió a estar dentro de su umbral.",
    .ended = "Incidente resuelto: {0}.",
    .left_out = "Aquí se omiten {0} sucesos más.",

    .evidence_for = "A favor",
    .evidence_against = "En contra",
    .none_against = "Nada de lo leído habla en contra.",
    .no_cause = "No se conoce la causa. {0}",
    .nothing_ruled_out = "No se descartó nada.",
    .everything_seen = "Se pudo leer todo lo preguntado.",
    .source = "Fuente",
    .why = "Por qué",
    .iam_action = "Acción de IAM que ayudaría",
    .would_have_told = "Habría dicho",
    .no_actions = "No se propuso ninguna.",
    .can_be_done = "ConvOps puede hacerlo cuando las acciones estén activadas para la conexión.",
    .fact = "Hecho",
    .statement = "Afirmación",
    .read_again = "Leerlo de nuevo",
    .open_in_console = "Abrir en la consola de AWS",
    .no_evidence = "No se conserva nada de la investigación.",
    .follow_ups_hint = "Para personas: qué se hará para que no vuelva a ocurrir, quién y cuándo.",
    .made_by = "Escrito por ConvOps el {0} a partir de las pruebas anteriores. F: leído mientras duraba. R: leído "
               "después del final.",
};

constexpr ReportWords hindi {
    .lang = "hi",
    .peak = "सबसे बुरा मान: {0} {2} पर {1} था।",
    .fixes = { "", "पिछले संस्करण पर लौटाया", "पिछला मान लौटाया", "फिर से डिप्लॉय किया", "क्षमता बढ़ाई", "क्षमता बदली",
        "स्टोरेज बढ़ाया", "फिर से चालू किया", "फ़ेलओवर पूरा हुआ", "AWS ने अपनी घटना बंद की", "बदला" },
    .fixed = "ठीक होने से {1} पहले {0}: {2}",
    .fixed_late = "{0}: {1}",
    .after_change = "ठीक होने से {1} पहले {0}, शायद इसी से ठीक हुआ: {2}",
    .by_itself = "यह अपने आप ठीक हुआ: इसमें कोई बदलाव नहीं दिखा।",
    .fix_not_looked = "किससे ठीक हुआ, पता नहीं: अंत के बाद कुछ नहीं पढ़ा गया।",
    .fix_trail_unread = "किससे ठीक हुआ, पता नहीं: CloudTrail पढ़ा नहीं जा सका ({0})।",
    .fix_trail_late = "किससे ठीक हुआ, पता नहीं: अभी कोई बदलाव नहीं दिखा, और CloudTrail 15 मिनट तक देर से आता है।",

    .report_of = "घटना की रिपोर्ट: {0}",
    .summary = "सारांश",
    .timeline = "समयरेखा",
    .causes = "कारण",
    .ruled_out = "खारिज किए गए",
    .not_seen = "क्या नहीं दिखा",
    .actions = "कदम",
    .evidence = "साक्ष्य",
    .follow_ups = "आगे के काम",
    .chart = "चार्ट",

    .incident = "घटना",
    .state = "स्थिति",
    .open = "खुली",
    .resolved = "हल हुई",
    .severity = "गंभीरता",
    .account = "{0}, {1} में",
    .account_label = "खाता",
    .alarms = "अलार्म",
    .impact = "असर",
    .duration = "अवधि",
    .duration_so_far = "अब तक {0}",
    .detection = "पता चलना",
    .detection_after = "शुरुआत के {0} बाद अलार्म बजा",
    .detection_unknown = "शुरुआत का समय पता नहीं",
    .first_message = "पहला संदेश",
    .first_message_after = "अलार्म के {0} बाद",
    .cause_told = "निदान बताया गया",
    .what_fixed_it = "किससे ठीक हुआ",
    .conclusion = "निष्कर्ष",
    .cost = "इस निदान की कीमत",

    .time = "समय ({0})",
    .event = "घटनाक्रम",
    .facts = "तथ्य",
    .alarm_fired = "अलार्म {0} बजा।",
    .alarm_ok = "अलार्म {0} फिर OK हुआ।",
    .alarm_no_data = "अलार्म {0} के पास कम डेटा था।",
    .told_first_facts = "पहले तथ्य {0} को बताए गए।",
    .told_diagnosis = "निदान {0} को बताया गया।",
    .told_resolved = "हल होने की सूचना {0} को दी गई।",
    .told_flapping = "बार-बार बदलने की सूचना {0} को दी गई; यहाँ से इकट्ठा।",
    .told_answer = "{0} में एक सवाल का जवाब दिया गया।",
    .onset = "शुरुआत",
    .came_back = "मेट्रिक फिर अपनी सीमा में था।",
    .ended = "घटना हल हुई: {0}।",
    .left_out = "यहाँ {0} और घटनाएँ छोड़ी गई हैं।",

    .evidence_for = "पक्ष में",
    .evidence_against = "विपक्ष में",
    .none_against = "पढ़ी गई कोई बात इसके विरुद्ध नहीं है।",
    .no_cause = "कारण पता नहीं। {0}",
    .nothing_ruled_out = "कुछ भी खारिज नहीं हुआ।",
    .everything_seen = "जो पूछा गया, सब पढ़ा जा सका।",
    .source = "स्रोत",
    .why = "क्यों",
    .iam_action = "IAM कार्रवाई जो मदद करेगी",
    .would_have_told = "इससे पता चलता",
    .no_actions = "कोई सुझाव नहीं दिया गया।",
    .can_be_done = "कनेक्शन के लिए कार्रवाइयाँ चालू होने पर ConvOps यह कर सकता है।",
    .fact = "तथ्य",
    .statement = "कथन",
    .read_again = "फिर से पढ़ें",
    .open_in_console = "AWS कंसोल में खोलें",
    .no_evidence = "जाँच का कुछ भी नहीं रखा गया।",
    .follow_ups_hint = "लोगों के लिए: यह फिर न हो, इसके लिए क्या किया जाएगा, कौन करेगा, कब तक।",
    .made_by = "ConvOps ने {0} को ऊपर के साक्ष्यों से लिखा। F: घटना के दौरान पढ़ा गया। R: अंत के बाद पढ़ा गया।",
};

constexpr std::array all { english, german, spanish, hindi };

} // namespace

ReportWords const& report_words(std::string_view language) {
    for (auto const& words : all)
        if (words.lang == language.substr(0, 2))
            return words;
    return all.front();
}

std::span<ReportWords const> every_report_words() {
    return all;
}

std::string recovery_words(Recovery const& recovery, Reader const& reader) {
    auto const& say_it = report_words(reader.language);
    auto const fix = say_it.fixes[static_cast<std::size_t>(recovery.fix)];
    if (recovery.told_by) {
        auto const& fact = *recovery.told_by;
        auto const statement = one_line(fact_words(fact, { reader, fact.at, std::nullopt }));
        auto const before = recovery.recovered_at && recovery.changed_at
            ? *recovery.recovered_at - *recovery.changed_at
            : Milliseconds { 0 };
        if (before <= Milliseconds { 0 })
            return say(say_it.fixed_late, { fix, statement });
        return say(recovery.kind == RecoveryKind::fixed ? say_it.fixed : say_it.after_change,
            { fix, duration_words(before, words(reader.language)), statement });
    }
    if (recovery.kind == RecoveryKind::by_itself)
        return std::string(say_it.by_itself);
    if (recovery.unknown_why == UnknownWhy::trail_unread && recovery.gap) {
        auto why = gap_why_words(*recovery.gap, reader.language);
        if (!recovery.gap->iam_action.empty())
            why += ", " + one_line(recovery.gap->iam_action, most_name_bytes);
        return say(say_it.fix_trail_unread, { why });
    }
    return std::string(
        recovery.unknown_why == UnknownWhy::trail_late ? say_it.fix_trail_late : say_it.fix_not_looked);
}

std::optional<std::string> worst_value_words(
    Recovery const& recovery, Incident const& incident, Reader const& reader) {
    if (!recovery.peak)
        return std::nullopt;
    auto const& peak = *recovery.peak;
    auto const& say_it = words(reader.language);
    auto name = one_line(peak.metric, most_name_bytes);
    if (!peak.resource.name.empty())
        name = say(say_it.metric_of, { name, one_line(resource_words(peak.resource, reader.language), 120) });
    return say(report_words(reader.language).peak,
        { name, value_words(peak.value, peak.unit, say_it),
            clock_words(peak.at, incident.resolved_at.value_or(peak.at), reader) });
}

} // namespace convops
