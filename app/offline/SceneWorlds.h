#pragma once
/// What the scenes are about: people, and what they wrote. Thread: the GUI thread.

#include "app/offline/OfflineApp.h"

namespace kith::offline
{

void nothing(OfflineWorld& world);
/// Nine chats; the first, with Mara, has two unread messages.
void friends(OfflineWorld& world);
void emptyChat(OfflineWorld& world);
void notesAlone(OfflineWorld& world);
void behind(OfflineWorld& world);
void waiting(OfflineWorld& world);
void deleted(OfflineWorld& world);
void failed(OfflineWorld& world);
void request(OfflineWorld& world);
void blocked(OfflineWorld& world);
void keyChanged(OfflineWorld& world);
void longNames(OfflineWorld& world);
void longMessage(OfflineWorld& world);
void emoji(OfflineWorld& world);
void replies(OfflineWorld& world);
void arabic(OfflineWorld& world);

/// The first person types, two are online: told as the session tells it.
void sayWhoIsHere(OfflineApp& app);
[[nodiscard]] QString sampleInvite();

} // namespace kith::offline
