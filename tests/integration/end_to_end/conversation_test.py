"""From an alarm to a conversation: a button and a `4` dig deeper, questions are answered with citations, words are
answered, WhatsApp's 24 hours open when somebody writes, and STOP is honoured. The chat server signs what people do as
the services sign it."""
import json
import unittest
import urllib.request

import alarm_to_chat_test as base

SLACK = "C0123456789"
ADA = "491700000000"


class Conversation(base.AlarmToChat):
    def start_listening(self, socket_mode=False):
        path = base.configuration(self.folder, self.port, self.moto, self.shop)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = text.replace('bot_token_env = "SLACK_TOKEN"', 'bot_token_env = "SLACK_TOKEN"\n' + ('app_token_env = "SLACK_APP"' if socket_mode else 'signing_secret_env = "SLACK_SIGNING"'))
        text = text.replace('token_env = "WHATSAPP_TOKEN"', 'token_env = "WHATSAPP_TOKEN"\napp_secret_env = "META_SECRET"\nverify_token_env = "META_VERIFY"')
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        secrets = {"SLACK_SIGNING": "slack-signing-secret", "META_SECRET": "meta-app-secret", "META_VERIFY": "verify-me", "SLACK_APP": "xapp-1-app-level-token"}
        self.secrets = secrets
        process = self.stack.enter_context(base.convops(self.folder, path, self.port, self.moto, self.chat, self.certificates, **secrets))
        endpoint = f"http://127.0.0.1:{self.port}/v1/sns/shop"
        self.shop.client("sns").subscribe(TopicArn=self.shop.topic, Protocol="http", Endpoint=endpoint)
        self.shop.publish("ALARM", self.shop.now)
        return process

    def say(self, secret="", **act):
        which = "META_SECRET" if "whatsapp" in act else "SLACK_SIGNING"
        body = {"to": f"http://127.0.0.1:{self.port}", "secret": secret or self.secrets[which], **act}
        request = urllib.request.Request(self.chat + "/_control/say", data=json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=30) as answer:
            said = json.load(answer)
            return said.get("statuses", said.get("acknowledged"))

    def control(self, what, **args):
        request = urllib.request.Request(f"{self.chat}/_control/{what}", data=json.dumps(args).encode(), method="POST")
        urllib.request.urlopen(request, timeout=10).close()

    def thread(self, state):
        return [message for message in state["slack"].get(SLACK, []) if message["thread_ts"]]

    def first(self, state):
        return state["slack"][SLACK][0]

    def button(self, state, action):
        elements = next(block for block in self.first(state)["blocks"] if block["type"] == "actions")["elements"]
        return next(element for element in elements if element["action_id"] == action)

    def test_people_say_whether_the_cause_is_right_and_the_edited_message_says_who(self):
        self.start_listening()
        state = self.expect_diagnosis()
        root = self.first(state)["ts"]
        right = self.button(state, "convops_right")
        press = {"channel": SLACK, "ts": root, "action_id": "convops_right", "value": right["value"]}
        self.assertEqual(self.say(secret="guess", press=press), [401])
        self.assertEqual(self.say(press={**press, "user": "U00000099", "team": "T00000002"}), [200])  # a guest of another organisation
        self.assertEqual(self.say(press=press, times=3), [200, 200, 200])
        shown = lambda s: json.dumps(self.first(s)["blocks"], ensure_ascii=False)
        state = self.eventually(lambda s: "Right: <@U00000007>" in shown(s), "who confirmed it, in the message itself")
        self.assertNotIn("U00000099", shown(state))
        self.assertEqual(self.thread(state), [], "a button needs no answer")
        self.assertEqual(self.say(press={**press, "action_id": "convops_not_it"}), [200])
        state = self.eventually(lambda s: "Not it: <@U00000007>" in shown(s), "the changed vote")
        self.assertNotIn("Right: <@", shown(state), "one vote a person")

        told = len(state["whatsapp"])
        answers = lambda s: [m["body"]["text"]["body"] for m in s["whatsapp"][told:] if m["type"] == "text"]
        self.assertEqual(self.say(whatsapp={"from": ADA, "text": "Stimmt", "context": state["whatsapp"][0]["id"]}, times=2), [200, 200])
        state = self.eventually(lambda s: any("Stimmt: 1. Das ist es nicht: 1." in text for text in answers(s)), "the answer, in German as the route reads")
        self.assertEqual(self.say(whatsapp={"from": ADA, "text": "Das ist es nicht", "button": "convops_not_it:" + right["value"], "context": state["whatsapp"][0]["id"]}), [200])
        self.eventually(lambda s: any("Stimmt: 0. Das ist es nicht: 2." in text for text in answers(s)), "the changed vote")
        state = self.eventually(lambda s: "Not it: <@U00000007>, " in shown(s), "both in Slack")
        self.assertNotIn(ADA, shown(state), "a telephone number is shown nowhere")
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as reply:
            self.assertRegex(reply.read().decode(), r'convops_causes_judged\{kind="storage_exhaustion",opinion="wrong"\} 1')
        for secret in (*self.secrets.values(), ADA):
            self.assertNotIn(secret, self.log())

    def test_a_button_digs_deeper_and_questions_are_answered_in_the_thread(self):
        self.start_listening()
        state = self.expect_diagnosis()
        root = self.first(state)["ts"]
        button = self.button(state, "convops_dig_deeper")
        self.assertEqual(self.say(press={"channel": SLACK, "ts": root, "action_id": button["action_id"]}, times=2), [200, 200])
        state = self.eventually(lambda s: len(self.thread(s)) >= 1, "the deeper answer in the thread")
        answer = json.dumps(self.thread(state)[0], ensure_ascii=False)
        self.assertRegex(answer, r"Looked 1 d back|Looked 24 h back")
        self.assertEqual(self.thread(state)[0]["thread_ts"], root)

        self.assertEqual(self.say(slack={"channel": SLACK, "text": "which errors do you see?", "thread_ts": root}, times=3), [200, 200, 200])
        state = self.eventually(lambda s: len(self.thread(s)) >= 2, "the answer in the thread")
        self.assertIn("No space left on device", json.dumps(self.thread(state)[1]))
        self.assertRegex(json.dumps(self.thread(state)[1]), r"F\d+")
        self.assertEqual(self.say(slack={"channel": SLACK, "text": "who is on call tonight?", "thread_ts": root}), [200])
        state = self.eventually(lambda s: len(self.thread(s)) >= 3, "the honest answer")
        self.assertIn("not in the evidence", json.dumps(self.thread(state)[2]))
        self.assertEqual(self.say(command={"channel": SLACK, "text": "status"}), [200])
        self.eventually(lambda s: "Open incidents: 1" in self.slack_text(s), "the answer to /convops status")

        # Nobody else: a forged signature, a channel that we tell nothing, people who talk to each other.
        self.assertEqual(self.say(secret="guess", slack={"channel": SLACK, "text": "4", "thread_ts": root}), [401])
        self.assertEqual(self.say(slack={"channel": "C0999999999", "text": "what changed?", "thread_ts": root}), [200])
        self.assertEqual(self.say(slack={"channel": SLACK, "text": "I am on it", "thread_ts": root}), [200])
        self.assertEqual(len(self.thread(self.state())), 3, "three questions, three answers")
        for secret in (*self.secrets.values(), ADA):
            self.assertNotIn(secret, self.log())

    def test_socket_mode_needs_no_public_address_and_survives_a_refresh(self):
        self.start_listening(socket_mode=True)
        state = self.expect_diagnosis()
        root = self.first(state)["ts"]
        self.assertEqual(self.say(over="socket", slack={"channel": SLACK, "text": "which errors do you see?", "thread_ts": root}, times=2), [True, True])
        state = self.eventually(lambda s: len(self.thread(s)) >= 1, "the answer in the thread")
        self.assertIn("No space left on device", json.dumps(self.thread(state)[0]))
        self.control("socket", disconnect="refresh_requested")
        self.eventually(lambda s: "slack_socket_ended" in self.log() and self.log().count("slack_socket_open") >= 2 and s["sockets"] >= 1, "a new connection")
        self.assertEqual(self.say(over="socket", press={"channel": SLACK, "ts": root, "action_id": "convops_dig_deeper"}), [True])
        self.assertEqual(self.say(over="socket", command={"channel": SLACK, "text": "usage"}), [True])
        self.eventually(lambda s: any("Looked" in json.dumps(m) for m in self.thread(s)) and "This month" in self.slack_text(s), "both answers")
        self.assertEqual(len([m for m in self.thread(self.state()) if "No space" in json.dumps(m["blocks"][:2])]), 1)
        self.assertNotIn("xapp-", self.log())
        self.assertNotIn("ticket", self.log())

    def test_whatsapp_answers_a_four_and_a_question_and_honours_stop(self):
        self.control("session", to=ADA, open=False)  # nobody has written yet: only the template arrives
        self.start_listening()
        state = self.expect_diagnosis()
        self.assertEqual({message["type"] for message in state["whatsapp"]}, {"template"})
        told = len(state["whatsapp"])
        self.assertEqual(self.say(whatsapp={"from": ADA, "text": "4", "context": state["whatsapp"][0]["id"]}, times=2), [200, 200])
        free = lambda s: [m for m in s["whatsapp"][told:] if m["type"] == "text"]
        state = self.eventually(lambda s: any("zurückgeschaut" in m["body"]["text"]["body"] for m in free(s)), "the deeper answer, in German as the route reads")
        self.assertEqual(self.say(whatsapp={"from": ADA, "text": "Welche Fehler siehst du?"}), [200])
        state = self.eventually(lambda s: any("No space left" in m["body"]["text"]["body"] and "💬" in m["body"]["text"]["body"] for m in free(s)), "the answer")
        answered = [m for m in free(state) if "No space left" in m["body"]["text"]["body"] and "💬" in m["body"]["text"]["body"]]
        self.assertTrue(answered[-1]["body"]["context"]["message_id"].startswith("wamid.IN"), "it answers the question")
        self.assertRegex(answered[-1]["body"]["text"]["body"], r"\[F\d+")

        self.assertEqual(self.say(whatsapp={"from": ADA, "text": "STOP"}), [200])
        state = self.eventually(lambda s: any("keine Meldungen mehr" in m["body"]["text"]["body"] for m in free(s)), "the confirmation")
        before = len(state["whatsapp"])
        self.shop.publish("OK", self.shop.now.replace(second=59))
        self.eventually(lambda s: "solved" in self.slack_text(s), "the resolved notice in Slack", seconds=150)
        self.assertEqual(len(self.state()["whatsapp"]), before, "nothing more was sent there")
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/whatsapp?hub.mode=subscribe&hub.challenge=123&hub.verify_token=verify-me", timeout=10) as reply:
            self.assertEqual(reply.read(), b"123")


for inherited in [name for name in dir(base.AlarmToChat) if name.startswith("test_")]:
    setattr(Conversation, inherited, None)  # those run in their own file

if __name__ == "__main__":
    unittest.main()
