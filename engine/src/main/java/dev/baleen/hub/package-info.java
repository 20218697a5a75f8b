/// How models get from a hub onto this machine, and what lies here already.
///
/// In: a name such as `org/name:Q4_K_M`, and a hub that speaks as Hugging Face's does, which is not trusted. Out: files
/// in the cache layout that Hugging Face's own library reads and writes, so that other programs share them.
///
/// Read [dev.baleen.hub.Hub], which does a pull from the name to the path. Around it: [dev.baleen.hub.HubSettings] is
/// what the environment says; [dev.baleen.hub.ModelReference] and [dev.baleen.hub.ShortNames] are what people call
/// models; `HubApi` asks what a repository holds, over `Web`, which knows redirects, waiting and who may see the
/// token; `FileChoice` decides which files are meant; `FileDownload` fetches one in pieces, with a `PieceJournal`
/// that outlives a cut; [dev.baleen.hub.HubCache] is the layout on the disk, and [dev.baleen.hub.LocalModels] what
/// there is in it.
///
/// Knows file names and bytes; of what is in a model only what [dev.baleen.checkpoint.Checkpoint] tells.
@NullMarked
package dev.baleen.hub;

import org.jspecify.annotations.NullMarked;
