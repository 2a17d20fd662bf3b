import { actor, envelopeOf, type Interaction, ownView } from './acts.ts';
import type { Delivery } from './delivery.ts';
import { type Choice, filledIn, inputErrors, placedElements } from './elements.ts';
import type { Hub } from './hub.ts';
import { checkViewResponse } from './limits.ts';
import { replaceView } from './messages.ts';
import { closeModals, pushModal } from './methods/views.ts';
import { viewClosedPayload, viewSubmissionPayload } from './payloads.ts';
import { Refusal, refuseIf } from './refusal.ts';
import { issueResponseUrl } from './response-urls.ts';
import type { Fields, View } from './types.ts';

/** What to fill in before submitting: by `action_id` or `block_id`. */
export interface Submit {
  user: string;
  /** Absent: the modal on top. */
  viewId?: string;
  values?: Record<string, Choice>;
}

/** A submission; `errors` are those Slack's own client shows without asking the app. */
export type Submission = Interaction | { errors: Record<string, string> };

/** Presses submit: required fields first, then the app, whose ack says what becomes of the modal. */
export async function submitView(hub: Hub, delivery: Delivery, act: Submit): Promise<Submission> {
  const user = actor(hub, act.user);
  const view = ownView(hub, user, act.viewId);
  view.state = filledIn(view.fields.blocks, view.state, act.values ?? {});
  delete view.problem;
  view.errors = inputErrors(view.fields.blocks, view.state);
  if (Object.keys(view.errors).length > 0) {
    hub.changed();
    return { errors: view.errors };
  }
  const triggerId = hub.triggers.issue({ user: user.id, viewId: view.id });
  const responseUrls = responseUrlsOf(hub, view);
  const payload = viewSubmissionPayload(hub.workspace, { user, view, triggerId, responseUrls });
  const envelope = envelopeOf(hub, 'interactive', payload);
  const ack = await delivery.deliver(envelope);
  if (ack.acked) applyResponse(hub, view, ack.payload);
  else view.problem = `We had some trouble connecting (${ack.error}). Try again?`;
  hub.changed();
  return { envelope, ack, triggerId, responseUrl: '' };
}

/** Selects with `response_url_enabled` let the app answer into the chosen conversation. */
function responseUrlsOf(hub: Hub, view: View): Fields[] {
  return placedElements(view.fields.blocks).flatMap(({ block, element }) => {
    const value = view.state[String(block.block_id)]?.[String(element.action_id)];
    const channel = value?.selected_conversation ?? value?.selected_channel;
    if (element.response_url_enabled !== true || typeof channel !== 'string') return [];
    const response_url = issueResponseUrl(hub, { user: view.user, channel });
    return [{ block_id: block.block_id, action_id: element.action_id, channel_id: channel, response_url }];
  });
}

function applyResponse(hub: Hub, view: View, response: Fields | undefined): void {
  try {
    refuseIf(checkViewResponse(response, { refuse: hub.settings.refuseBlocks }));
    switch (response?.response_action) {
      case 'errors':
        view.errors = response.errors as Record<string, string>;
        return;
      case 'update':
        replaceView(hub, view, response.view as Fields);
        return;
      case 'push':
        pushModal(hub, view.user, response.view as Fields);
        return;
      default:
        closeModals(hub, view.user, response?.response_action === 'clear');
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    view.problem = `We had some trouble connecting (${error.error}). Try again?`;
  }
}

/** Closes the modal on top (or all, with `clear_on_close`); the app hears of it when it asked to. */
export async function closeView(hub: Hub, delivery: Delivery, userId: string): Promise<void> {
  const user = actor(hub, userId);
  const top = ownView(hub, user);
  const clears = top.fields.clear_on_close === true;
  for (const view of closeModals(hub, user.id, clears)) {
    if (view.fields.notify_on_close !== true) continue;
    const payload = viewClosedPayload(hub.workspace, { user, view, cleared: clears });
    await delivery.deliver(envelopeOf(hub, 'interactive', payload));
  }
}
