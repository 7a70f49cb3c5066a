/** What a new workspace may hold. `workspace:manage` changes it. */
export const defaultQuotas = { max_vms: 20, max_vcpus: 64, max_credentials: 50 };
/** Workspaces whose `owner_id` is one user. */
export const maxWorkspacesPerUser = 50;
/** A caller's workspaces are read in one BatchGetItem, which takes 100 keys. */
export const maxMembershipsPerUser = 100;
/** The members of a workspace are named in one BatchGetItem, too. */
export const maxMembersPerWorkspace = 100;
