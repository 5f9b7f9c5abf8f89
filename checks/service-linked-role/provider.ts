/**
 * The state of a stack names the module of each dynamic provider, and a refresh or a destroy loads it by that name. Stacks that were
 * deployed before the provider moved name this one.
 */
// eslint-disable-next-line import-x/no-restricted-paths -- state outlives the layout of the folders
export { serviceLinkedRole } from "../../components/opensearch/service-linked-role/provider";
